// What can go wrong between the page and the Hub. In every case the current backbone keeps working and nothing
// half-finished is kept; the remedies say what else there is to do.
import { RemedyError } from '../../errors';

const OR_FILE =
  'or download the .safetensors file by hand and drop it on the page (on the command line: --backbone FILE)';

/** Nothing is published under this id. */
export class NotPublished extends RemedyError {
  override readonly name = 'NotPublished';
  constructor(id: string, alternative: string | null) {
    super(
      `No ${id} weights are published on the Hub.`,
      alternative
        ? `Choose ${alternative}, or load a file of ${id} weights.`
        : `Load a file of ${id} weights.`,
    );
  }
}

export class HubNotFound extends RemedyError {
  override readonly name = 'HubNotFound';
  constructor(url: string) {
    super(`There is no file at ${url} (404).`, `Check the revision and the mirror’s address, ${OR_FILE}.`);
  }
}

export class HubForbidden extends RemedyError {
  override readonly name = 'HubForbidden';
  constructor(url: string, status: number) {
    super(
      `The server refuses to hand out ${url} (${status}).`,
      `The repository may be gated or gone, or a proxy forbids it. Use a mirror, ${OR_FILE}.`,
    );
  }
}

/** Too many requests or a fault of the server's, after all retries. */
export class HubBusy extends RemedyError {
  override readonly name = 'HubBusy';
  constructor(url: string, status: number) {
    super(
      `The server of ${url} keeps answering ${status}.`,
      `Try again in a few minutes, use a mirror, ${OR_FILE}.`,
    );
  }
}

export class Offline extends RemedyError {
  override readonly name = 'Offline';
  constructor(url: string, options?: ErrorOptions) {
    super(
      `This device is offline, so ${url} cannot be fetched.`,
      `Connect to the network and try again, ${OR_FILE}.`,
      options,
    );
  }
}

/** The network is there but the server is not, or the browser may not talk to it. */
export class HubUnreachable extends RemedyError {
  override readonly name = 'HubUnreachable';
  constructor(url: string, options?: ErrorOptions) {
    super(
      `The server of ${url} cannot be reached.`,
      `Check its address; a mirror must allow this page’s origin (CORS) and be allowed by the page’s policy. Try again, ${OR_FILE}.`,
      options,
    );
  }
}

export class ConnectionCut extends RemedyError {
  override readonly name = 'ConnectionCut';
  constructor(url: string, got: number, wanted: number, options?: ErrorOptions) {
    super(
      `The connection to ${url} broke after ${got} of ${wanted} bytes, several times.`,
      `Try again on a steadier network, ${OR_FILE}.`,
      options,
    );
  }
}

/** The server ignores Range and the whole file is too large to take. */
export class RangeIgnored extends RemedyError {
  override readonly name = 'RangeIgnored';
  constructor(url: string, bytes: number) {
    super(
      `The server of ${url} ignores byte ranges (200 instead of 206), and the whole file has ${bytes} bytes.`,
      `Use a mirror that supports HTTP Range, ${OR_FILE}.`,
    );
  }
}

export class WrongRange extends RemedyError {
  override readonly name = 'WrongRange';
  constructor(url: string, asked: string, answered: string) {
    super(
      `The server of ${url} was asked for ${asked} and answered "${answered}".`,
      `A proxy or mirror handles byte ranges wrongly; use another, ${OR_FILE}.`,
    );
  }
}

/** The file changed while it was being read. */
export class FileChanged extends RemedyError {
  override readonly name = 'FileChanged';
  constructor(url: string) {
    super(`The file at ${url} changed during the download.`, 'Start the download again.');
  }
}

export class WrongHash extends RemedyError {
  override readonly name = 'WrongHash';
  constructor(id: string, expected: string, found: string) {
    super(
      `The ${id} weights have the SHA-256 ${found}; ${expected} was expected.`,
      'The download was damaged or the published file has changed. Try again; if you trust the new file, clear the kept weights first.',
    );
  }
}

/** Not fatal: the weights work, they are only not kept. */
export class CacheFull extends RemedyError {
  override readonly name = 'CacheFull';
  constructor(bytes: number, options?: ErrorOptions) {
    super(
      `There is no room to keep ${(bytes / 1e6).toFixed(1)} MB of weights; they work now but will be downloaded again.`,
      'Clear kept weights of other backbones, or free disk space.',
      options,
    );
  }
}

export class DownloadCancelled extends RemedyError {
  override readonly name = 'DownloadCancelled';
  constructor(id: string) {
    super(`The download of ${id} was cancelled.`, 'Start it again when you want it.');
  }
}
