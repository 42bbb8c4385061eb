// What can be wrong with a tar as a whole. Faults of single files are told as reasons in a list (index.ts).
import { RemedyError } from '../../errors';

/** It cannot be unpacked: no tar, cut short at once, or packed in another way than gzip or xz. */
export class TarUnreadable extends RemedyError {
  override readonly name = 'TarUnreadable';
  constructor(detail: string, options?: ErrorOptions) {
    super(
      `The tar file cannot be read: ${detail}.`,
      'Copy or download it again, or unpack it and take the folder.',
      options,
    );
  }
}

/** It holds more than is unpacked here. */
export class TarTooLarge extends RemedyError {
  override readonly name = 'TarTooLarge';
  constructor(what: string, limit: string) {
    super(
      `The tar file holds ${what}; the limit is ${limit}.`,
      'Unpack it and take a part of the folder, one category for instance.',
    );
  }
}
