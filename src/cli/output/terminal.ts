// The two streams of a command: results go out, everything said on the way goes to err. Tests give their own.
import { FileUnwritable } from '../errors';

export interface Terminal {
  /** Results alone, so that they can be piped. */
  out(text: string): void;
  /** Progress, notices, errors. */
  err(text: string): void;
  /** True when err is a terminal whose line can be rewritten. */
  interactive: boolean;
  /** Width of err in characters. */
  columns: number;
}

export interface ProcessTerminal extends Terminal {
  /** What has kept results from going out; null: nothing. */
  failure(): Error | null;
}

/** The process's own streams. */
export function processTerminal(): ProcessTerminal {
  let failure: Error | null = null;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `| head` closes the pipe early; that is no failure, and files are still to be written.
    if (error.code !== 'EPIPE') failure ??= new FileUnwritable('The standard output', error);
  });
  process.stderr.on('error', () => {
    // There is nobody left to tell.
  });
  return {
    failure: () => failure,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY,
    columns: process.stderr.columns || 80,
  };
}
