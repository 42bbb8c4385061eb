// Where an archive's bytes come from: a Blob in the browser, an open file in Node. Read in pieces, never whole.
import { ZipTooLarge } from './errors';

/** A Blob fits. */
export interface ZipSource {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

const CHUNK_BYTES = 256 * 1024;

/** The two methods by which the unpacker reads: the directory in one piece, files as streams. */
export function directorySource(source: ZipSource, directoryBytes: number) {
  const { size } = source;
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    if (offset < 0 || offset >= size || length <= 0) return new Uint8Array(0);
    return new Uint8Array(await source.slice(offset, Math.min(size, offset + length)).arrayBuffer());
  };
  return {
    size,
    readUint8Array(offset: number, length: number): Promise<Uint8Array> {
      if (Math.min(length, size) > directoryBytes) throw tooLong(directoryBytes);
      return read(offset, length);
    },
    createReadable: (part: { offset: number; size: number }) => stream(read, part.offset, part.size),
  };
}

function stream(
  read: (offset: number, length: number) => Promise<Uint8Array>,
  offset: number,
  length: number,
): ReadableStream<Uint8Array> {
  let done = 0;
  return new ReadableStream({
    async pull(controller) {
      const chunk = await read(offset + done, Math.min(CHUNK_BYTES, length - done));
      done += chunk.length;
      if (chunk.length > 0) controller.enqueue(chunk);
      if (chunk.length === 0 || done >= length) controller.close();
    },
  });
}

const tooLong = (limit: number) =>
  new ZipTooLarge('a list of files that is too long', `${limit / 2 ** 20} MB for the list`);
