// What can be wrong with a session file. Whatever it is, nothing that is open already changes.
import { RemedyError } from '../lib/errors';

/** Some other file, or a zip without `session.json`. */
export class NotASession extends RemedyError {
  override readonly name = 'NotASession';
  constructor(file: string, detail: string) {
    super(
      `${file} is no session: ${detail}.`,
      'Give a file that "Save session" on the page, or `grad train --session FILE`, wrote.',
    );
  }
}

/** A session, but bytes of it are missing or changed, or its description says what cannot be. */
export class SessionDamaged extends RemedyError {
  override readonly name = 'SessionDamaged';
  constructor(file: string, detail: string) {
    super(
      `The session ${file} is damaged: ${detail}.`,
      'Copy or download it again. Nothing of it was opened; what was there before stays.',
    );
  }
}

/** Written by a later version of this program. */
export class SessionNewer extends RemedyError {
  override readonly name = 'SessionNewer';
  constructor(file: string, schema: number, known: number) {
    super(
      `The session ${file} comes from a newer version: its format is ${schema}, this one reads up to ${known}.`,
      'Reload the page or update the program to get the newer version, then open it again.',
    );
  }
}

/** Digests need the browser's cryptography, which it offers to secure pages only. */
export class NoSecureContext extends RemedyError {
  override readonly name = 'NoSecureContext';
  constructor() {
    super(
      'Sessions cannot be written or read on an insecure page.',
      'Open the page over https, or as localhost.',
    );
  }
}
