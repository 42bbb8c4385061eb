// What can go wrong with a method and its file, beyond what every training may meet (../nn/errors.ts).
import { RemedyError } from '../errors';

export class BadModelFile extends RemedyError {
  override readonly name = 'BadModelFile';
  constructor(detail: string) {
    super(
      `This file does not hold a model of this program: ${detail}.`,
      'Choose a model that was saved here, or train a new one.',
    );
  }
}

export class UnknownMethod extends RemedyError {
  override readonly name = 'UnknownMethod';
  constructor(id: string) {
    super(
      `This program knows no method "${id.slice(0, 40)}".`,
      'Choose one of the methods in the settings, or open the file with a newer version.',
    );
  }
}

/** A method that is made for square inputs was given another. */
export class SquareInputsOnly extends RemedyError {
  override readonly name = 'SquareInputsOnly';
  constructor(method: string, { width, height }: { width: number; height: number }) {
    super(
      `${method} works on square inputs only, and these are ${width} x ${height} pixels.`,
      'Set the input height to 0 (--height 0), cut the images into tiles, or choose another method.',
    );
  }
}

/** Something that was trained here has no form in which other programs could run it. */
export class NotExportable extends RemedyError {
  override readonly name = 'NotExportable';
  constructor(part: string, reason: string, remedy = 'Export a model of one of the built-in methods.') {
    super(`${part} cannot be exported as ONNX: ${reason}.`, remedy);
  }
}
