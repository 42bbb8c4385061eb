// What can be wrong with an image file, one class a fault: the interface shows one line per refused file and the
// rest goes on. The file's name is not here: the caller puts it in front.
import { RemedyError } from '../errors';

export class EmptyFile extends RemedyError {
  override readonly name = 'EmptyFile';
  constructor() {
    super('The file is empty (0 bytes).', 'Copy or export the image again.');
  }
}

export class NotAnImage extends RemedyError {
  override readonly name = 'NotAnImage';
  constructor(detail: string) {
    super(`This is not an image file: ${detail}.`, 'Use PNG, JPEG, WebP, BMP or TIFF files.');
  }
}

/** An image, but of a kind that is not read here. */
export class UnsupportedImage extends RemedyError {
  override readonly name = 'UnsupportedImage';
  constructor(what: string, remedy = 'Save it as PNG or JPEG and load it again.') {
    super(`${what} cannot be read here.`, remedy);
  }
}

export class TooLarge extends RemedyError {
  override readonly name = 'TooLarge';
  constructor(size: string, limit: string) {
    super(`The image is too large: ${size}; the limit is ${limit}.`, 'Scale it down or cut it into tiles.');
  }
}

export class Truncated extends RemedyError {
  override readonly name = 'Truncated';
  constructor(detail = 'the file ends before the image does') {
    super(`The image is cut short: ${detail}.`, 'Copy or download the file again.');
  }
}

export class Damaged extends RemedyError {
  override readonly name = 'Damaged';
  constructor(detail: string, options?: ErrorOptions) {
    super(
      `The image is damaged: ${detail}.`,
      'Copy the file again, or open it in an image editor and save it as PNG.',
      options,
    );
  }
}

export class MaskSizeMismatch extends RemedyError {
  override readonly name = 'MaskSizeMismatch';
  constructor(mask: string, image: string) {
    super(
      `The mask is ${mask} but its image is ${image} pixels: their shapes differ.`,
      'Export the mask at the size of its image, turned the same way.',
    );
  }
}

/** A decoder's WebAssembly file did not arrive. */
export class DecoderMissing extends RemedyError {
  override readonly name = 'DecoderMissing';
  constructor(file: string, options?: ErrorOptions) {
    super(
      `The image decoder ${file} could not be loaded.`,
      'Check the connection and reload the page; when you host it yourself, publish all of its files.',
      options,
    );
  }
}

/** Entries of a folder or archive that are looked through. */
export const MAX_ENTRIES = 100_000;

export class TooManyFiles extends RemedyError {
  override readonly name = 'TooManyFiles';
  constructor(count: number, limit: number) {
    super(
      `The folder holds ${count} files; at most ${limit} are read at once.`,
      'Load one category, or a smaller folder.',
    );
  }
}
