// Reads a session of any version: the zip, or the safetensors file with a description that came before it. Nothing is
// trusted: lengths, digests and values are checked before anything is handed out. No engine here: whether the weights
// make a model is for `loadModel` to say.
import { BadSafetensors, readSafetensors } from '../lib/formats/safetensors';
import { anyObject, parseJson, parseValue } from '../lib/formats/schema';
import { isSessionZip, openZip, type OpenedZip, type ZipEntry } from '../lib/formats/zip';
import { sha256 } from './digest';
import { NotASession, SessionDamaged } from './errors';
import { CHECKPOINT_FILE, imagePath, maskPath, SESSION_FILE, WEIGHTS_FILE } from './paths';
import { migrate, SESSION_FILES, SESSION_INFO, type StatedFile } from './schema';
import type { ImageBytes, SessionInfo } from './types';

export interface Session {
  info: SessionInfo;
  /** For the engine's `loadModel`; there exactly when `info.model` is. */
  weights: ArrayBuffer | null;
  /** The engine resumes the training from it; there exactly when `info.run` is. */
  checkpoint: ArrayBuffer | null;
  /** Reads and checks the image at an index of `info.data.images`; null when the session has no images in it. */
  imageAt: ((index: number) => Promise<ImageBytes>) | null;
}

/** Description of 100,000 images. */
const MOST_JSON_BYTES = 64 * 2 ** 20;
/** Where the first version kept its description. */
const METADATA_KEY = 'grad.session';

/**
 * Reads and checks a whole session except for its images, which are checked one by one as `imageAt` reads them.
 * @param file its bytes; must stay readable while images are read. @param name for messages
 * @throws NotASession, SessionNewer, SessionDamaged, NoSecureContext
 */
export async function readSession(file: Blob, name: string): Promise<Session> {
  return (await isZip(file)) ? readZip(file, name) : readModelFile(file, name);
}

/** `PK`, the two letters every zip begins with. */
const isZip = async (file: Blob): Promise<boolean> => {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x50 && second === 0x4b;
};

async function readZip(file: Blob, name: string): Promise<Session> {
  const zip = await openZip(file);
  if (!isSessionZip(zip)) throw new NotASession(name, `it has no ${SESSION_FILE}`);
  if (zip.notice !== null) throw new SessionDamaged(name, 'its list of files is cut short');
  const files = new Files(zip, name);
  const json = await files.bytes(SESSION_FILE, MOST_JSON_BYTES);
  const { raw, info } = describedIn(new TextDecoder().decode(json), name);
  const stated = parseValue(SESSION_FILES, raw, damaged(name)).files;
  return {
    info,
    weights: info.model && (await files.checked(WEIGHTS_FILE, stated.weights)),
    checkpoint: info.run && (await files.checked(CHECKPOINT_FILE, stated.checkpoint)),
    imageAt: stated.images === true ? files.images(info) : null,
  };
}

/** The files in a session's zip. */
class Files {
  readonly #entries: Map<string, ZipEntry>;

  constructor(
    { entries }: OpenedZip,
    private readonly session: string,
  ) {
    this.#entries = new Map(entries.map((entry) => [entry.path, entry]));
  }

  /** @throws SessionDamaged */
  async bytes(path: string, most = Infinity): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#entries.get(path);
    if (!entry) throw new SessionDamaged(this.session, `${path} is missing`);
    if (entry.size > most) throw new SessionDamaged(this.session, `${path} is absurdly large`);
    try {
      return await entry.read();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new SessionDamaged(this.session, `${path} cannot be unpacked (${detail.replace(/\.$/, '')})`);
    }
  }

  /** A file that must be as the JSON states it. @throws SessionDamaged */
  async checked(path: string, stated: StatedFile | null): Promise<ArrayBuffer> {
    if (!stated) throw new SessionDamaged(this.session, `its description does not name ${path}`);
    const bytes = await this.bytes(path);
    if (bytes.byteLength !== stated.bytes) {
      throw new SessionDamaged(this.session, `${path} has another length than was written`);
    }
    await this.#compare(path, bytes, stated.sha256);
    return bytes.buffer;
  }

  images({ data }: SessionInfo): (index: number) => Promise<ImageBytes> {
    return async (index) => {
      const { name, sha256: image, maskSha256: mask } = data.images[index]!;
      return {
        image: await this.#blob(imagePath(index, name), image),
        mask: mask === null ? null : await this.#blob(maskPath(index), mask),
      };
    };
  }

  async #blob(path: string, hex: string | null): Promise<Blob> {
    const bytes = await this.bytes(path);
    if (hex === null) throw new SessionDamaged(this.session, `${path} has no digest`);
    await this.#compare(path, bytes, hex);
    return new Blob([bytes]);
  }

  async #compare(path: string, bytes: Uint8Array<ArrayBuffer>, hex: string): Promise<void> {
    if ((await sha256(bytes)) === hex) return;
    throw new SessionDamaged(this.session, `${path} is not what was written: its digest differs`);
  }
}

/** The first version: the model's file, described in its metadata. */
async function readModelFile(file: Blob, name: string): Promise<Session> {
  const weights = await file.arrayBuffer();
  const { info } = describedIn(descriptionIn(weights, name), name);
  return { info, weights, checkpoint: null, imageAt: null };
}

function descriptionIn(file: ArrayBuffer, name: string): string {
  try {
    const { metadata } = readSafetensors(file);
    if (Object.hasOwn(metadata, METADATA_KEY)) return metadata[METADATA_KEY]!;
  } catch (error) {
    if (error instanceof BadSafetensors) throw new NotASession(name, error.message.replace(/\.$/, ''));
    throw error;
  }
  throw new NotASession(name, `its metadata have no "${METADATA_KEY}"`);
}

/** The JSON, brought to the present version, and what it says. @throws NotASession, SessionNewer, SessionDamaged */
function describedIn(json: string, name: string): { raw: Record<string, unknown>; info: SessionInfo } {
  const stored = parseJson(anyObject, json, damaged(name), { what: 'its description' });
  const raw = migrate(stored, name);
  return { raw, info: parseValue(SESSION_INFO, raw, damaged(name), 'its description') };
}

const damaged = (name: string) => (detail: string) => new SessionDamaged(name, detail);
