// Writes a session: one zip with `session.json`, the weights, the checkpoint of an unfinished training and, if wanted,
// the images. The same bytes in the browser and in Node. Nothing is packed: weights and images hardly shrink.
// Load this file lazily: it brings the packer with it.
import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-writer.js';
import { sha256 } from './digest';
import { CHECKPOINT_FILE, imagePath, maskPath, SESSION_FILE, WEIGHTS_FILE } from './paths';
import { SESSION_SCHEMA, type ImageBytes, type SessionInfo } from './types';

/** Everything that goes into a session. */
export interface SessionContents {
  info: SessionInfo;
  /** The engine's model file; there exactly when `info.model` is. */
  weights: ArrayBuffer | null;
  /** The engine's checkpoint; there exactly when `info.run` is. */
  checkpoint: ArrayBuffer | null;
  /** Bytes of the image at an index of `info.data.images`; null: the images stay out, named by their digests. */
  imageAt: ((index: number) => Promise<ImageBytes>) | null;
}

/**
 * The session as a zip.
 * @throws NoSecureContext, RangeError when `info` and the bytes do not go together, and what reading an image throws
 */
export async function writeSession(contents: SessionContents): Promise<Blob> {
  const { info, weights, checkpoint } = contents;
  if ((info.model === null) !== (weights === null) || (info.run === null) !== (checkpoint === null)) {
    throw new RangeError('a model needs its weights, an unfinished run its checkpoint');
  }
  const pipe = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>();
  const zip = new ZipWriter(pipe.writable, WRITING);
  // The reader must be there before the first byte: the pipe has no buffer.
  const finished = new Response(pipe.readable).blob();
  const add = (path: string, content: Blob) => zip.add(path, content.stream());
  try {
    await add(SESSION_FILE, new Blob([JSON.stringify(await describe(contents), null, 1)]));
    if (weights) await add(WEIGHTS_FILE, new Blob([weights]));
    if (checkpoint) await add(CHECKPOINT_FILE, new Blob([checkpoint]));
    if (contents.imageAt) await addImages(add, info, contents.imageAt);
    await zip.close();
  } catch (error) {
    // The half-written archive is dropped with its pipe.
    await Promise.allSettled([pipe.writable.abort(error), finished]);
    throw error;
  }
  return new Blob([await finished], { type: 'application/zip' });
}

const WRITING = {
  level: 0,
  // Within the page's policy there are no workers from inline code.
  useWebWorkers: false,
  // Sizes before the bytes, as the oldest readers want them.
  dataDescriptor: false,
  bufferedWrite: true,
  extendedTimestamp: false,
  // The same session is the same file, whenever it is saved.
  lastModDate: new Date(1980, 0, 1),
};

async function addImages(
  add: (path: string, content: Blob) => Promise<unknown>,
  { data }: SessionInfo,
  imageAt: (index: number) => Promise<ImageBytes>,
): Promise<void> {
  for (const [index, record] of data.images.entries()) {
    const { image, mask } = await imageAt(index);
    await add(imagePath(index, record.name), image);
    if (mask) await add(maskPath(index), mask);
  }
}

/** The JSON: `info`, the version, and which bytes belong to it. */
async function describe({ info, weights, checkpoint, imageAt }: SessionContents): Promise<object> {
  const file = async (bytes: ArrayBuffer | null) =>
    bytes && { bytes: bytes.byteLength, sha256: await sha256(bytes) };
  return {
    format: 'grad-playground session',
    schema: SESSION_SCHEMA,
    ...info,
    files: { weights: await file(weights), checkpoint: await file(checkpoint), images: imageAt !== null },
  };
}
