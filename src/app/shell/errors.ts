// What can go wrong on the page's own side: bundled sets, own files, and asking for what cannot be had yet.
import { RemedyError } from '../../lib/errors';

/** A bundled set or its stored result could not be read. */
export class SetUnreadable extends RemedyError {
  override readonly name = 'SetUnreadable';
  constructor(set: string, detail: string, options?: ErrorOptions) {
    super(
      `The bundled set "${set}" could not be read: ${detail}.`,
      'Check the connection and try again, choose another set, or drop your own images.',
      options,
    );
  }
}

export class NoTrainingImages extends RemedyError {
  override readonly name = 'NoTrainingImages';
  constructor() {
    super(
      'There is nothing to learn from.',
      'Add normal images to the training side, 20 to 50 for a first try.',
    );
  }
}

/** A comparison cannot begin yet. */
export class ComparisonNeeds extends RemedyError {
  override readonly name = 'ComparisonNeeds';
  /** @param what it needs, as in "A comparison needs ..." */
  constructor(what: string, remedy: string) {
    super(`A comparison needs ${what}.`, remedy);
  }
}

/** The engine is busy with compared methods. */
export class ComparisonRunning extends RemedyError {
  override readonly name = 'ComparisonRunning';
  constructor() {
    super('Methods are being compared.', 'Let the comparison finish, or cancel it in its view.');
  }
}

/** Something needs the engine, and there is none in this browser. */
export class EngineUnavailable extends RemedyError {
  override readonly name = 'EngineUnavailable';
  constructor(reason: string, remedy: string) {
    super(`This needs the computing engine, which cannot run here. ${reason}`, remedy);
  }
}

export class ArchiveUnsupported extends RemedyError {
  override readonly name = 'ArchiveUnsupported';
  constructor(file: string) {
    super(`${file} is an archive.`, 'Unpack it and drop the folder instead.');
  }
}
