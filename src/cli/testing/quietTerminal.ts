// A terminal that keeps what is written to it, for tests.
import type { Terminal } from '../output/terminal';

export interface QuietTerminal extends Terminal {
  readonly output: string;
  readonly errors: string;
}

export function quietTerminal(): QuietTerminal {
  const written = { out: '', err: '' };
  return {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    interactive: false,
    columns: 80,
    get output() {
      return written.out;
    },
    get errors() {
      return written.err;
    },
  };
}
