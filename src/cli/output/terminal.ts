// The two streams of a command: results go out, everything said on the way goes to err. Tests give their own.

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

/** The process's own streams. */
export function processTerminal(): Terminal {
  // `| head` closes the pipe early; that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY,
    columns: process.stderr.columns || 80,
  };
}
