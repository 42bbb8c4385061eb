// What can be wrong with an archive as a whole, and with one file in it. Faults of single files are told as reasons
// in a list (zip.ts) where they show in the directory; these classes are thrown.
import { RemedyError } from '../../errors';

const PACK_AGAIN = 'Pack the folder again as an ordinary zip file, or unpack it and drop the folder.';

/** The archive's list of files cannot be read: no zip file, cut short, split, or its list is encrypted. */
export class ZipUnreadable extends RemedyError {
  override readonly name = 'ZipUnreadable';
  constructor(detail: string, remedy = 'Copy or download it again, or unpack it and drop the folder.') {
    super(`The zip file cannot be read: ${detail}.`, remedy);
  }
}

/** The archive holds more than is unpacked here. */
export class ZipTooLarge extends RemedyError {
  override readonly name = 'ZipTooLarge';
  constructor(what: string, limit: string) {
    super(
      `The zip file holds ${what}; the limit is ${limit}.`,
      'Pack fewer files, one category for instance.',
    );
  }
}

/** One file of the archive cannot be unpacked. Its path is not here: the caller knows it. */
export class ZipEntryUnreadable extends RemedyError {
  override readonly name = 'ZipEntryUnreadable';
  constructor(detail: string, options?: ErrorOptions) {
    super(`This file cannot be unpacked: ${detail}.`, PACK_AGAIN, options);
  }
}
