// What can go wrong on the command line itself, before or beside the engine: flags, files, folders.
import { RemedyError } from '../errors';

/** A flag's value is not one its parameter allows. */
export class BadFlag extends RemedyError {
  override readonly name = 'BadFlag';
  constructor(flag: string, value: string, problem: string, remedy: string) {
    super(`--${flag} ${value}: the value ${problem}.`, remedy);
  }
}

/** A path that was named does not exist or cannot be read. */
export class FileUnreadable extends RemedyError {
  override readonly name = 'FileUnreadable';
  constructor(path: string, cause: unknown) {
    const reason = (cause as NodeJS.ErrnoException | null)?.code ?? String(cause);
    super(
      `${path} cannot be read (${reason}).`,
      'Check the path; it is taken relative to the current folder.',
      {
        cause,
      },
    );
  }
}

/** A result cannot be written. */
export class FileUnwritable extends RemedyError {
  override readonly name = 'FileUnwritable';
  constructor(path: string, cause: unknown) {
    const reason = (cause as NodeJS.ErrnoException | null)?.code ?? String(cause);
    super(`${path} cannot be written (${reason}).`, 'Name a file in a folder you may write to.', { cause });
  }
}

/** A folder has not what training or evaluation needs. */
export class UnfitData extends RemedyError {
  override readonly name = 'UnfitData';
}

/** A session file that is a safetensors file but not one of ours. */
export class NotASession extends RemedyError {
  override readonly name = 'NotASession';
  constructor(path: string, detail: string) {
    super(
      `${path} is no session: ${detail}.`,
      'Give a file that `grad train --session FILE` or `grad evaluate --session FILE` wrote.',
    );
  }
}

/** A session is asked about features of another backbone than it was trained on. */
export class OtherBackbone extends RemedyError {
  override readonly name = 'OtherBackbone';
  constructor(session: string, wanted: string, given: string) {
    super(
      `${session} was trained on features of ${wanted}, but the weights are ${given}.`,
      `Give the weights of ${wanted} with --backbone FILE.`,
    );
  }
}
