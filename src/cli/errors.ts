// What can go wrong on the command line itself, before or beside the engine: flags, files, folders.
import { RemedyError, type ErrorReport } from '../lib/errors';

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException | null)?.code ?? String(cause);

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
    super(
      `${path} cannot be read (${codeOf(cause)}).`,
      'Check the path; it is taken relative to the current folder.',
      { cause },
    );
  }
}

const WRITABLE = 'Name a file in a folder you may write to.';
const REMEDIES: Record<string, string> = {
  ENOSPC: 'The disk is full: make room, or name a file on another one.',
  EDQUOT: 'Your share of the disk is full: make room, or name a file on another one.',
};

/** A result cannot be written, or must not be: its place is taken by something that is not to be lost. */
export class FileUnwritable extends RemedyError {
  override readonly name = 'FileUnwritable';
  constructor(path: string, cause: unknown, remedy = REMEDIES[codeOf(cause)] ?? WRITABLE) {
    super(`${path} cannot be written (${codeOf(cause)}).`, remedy, { cause });
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

/** Some of a command's outputs could not be written; the others are there. */
export class OutputsMissing extends RemedyError {
  override readonly name = 'OutputsMissing';
  constructor(failures: readonly ErrorReport[], kept: readonly string[]) {
    const remedies = [...new Set(failures.map(({ remedy }) => remedy))];
    super(
      [...failures.map(({ message }) => message), `What is kept: ${kept.join(', ')}.`].join('\n'),
      remedies.join('\n'),
    );
  }
}

/** The maps of some images could not be written; those before them are there. */
export class MapsMissing extends RemedyError {
  override readonly name = 'MapsMissing';
  constructor(cause: FileUnwritable, done: number, all: number) {
    super(`${cause.message} The maps of ${done} of ${all} images are there.`, cause.remedy, { cause });
  }
}
