// What can go wrong on the command line itself, before or beside the engine: flags, files, folders.
import { RemedyError } from '../lib/errors';

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

/** A session without a model: only settings and images, or a training that had not ended. */
export class NothingTrained extends RemedyError {
  override readonly name = 'NothingTrained';
  constructor(path: string, run: { step: number; steps: number } | null) {
    super(
      run
        ? `The training in ${path} had not ended: step ${run.step} of ${run.steps}.`
        : `There is no trained model in ${path}.`,
      'Open it on the page, train to the end and save it again.',
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
