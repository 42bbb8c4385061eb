// Opens a tar, plain or packed by gzip or xz, under the limits of zips (../zip/limits.ts). It has no list of files and is
// read from end to end once; the files are put where the caller keeps them, and read from there. No archive is trusted.
// Load this file lazily: it brings the unpackers with it.
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { ZipEntryUnreadable } from '../zip/errors';
import type { OpenedZip, ZipEntry } from '../zip';
import { ZIP_LIMITS, type ZipLimits } from '../zip/limits';
import { printable, safePath } from '../zip/path';
import { TarTooLarge, TarUnreadable } from './errors';

/** A Blob fits. */
export interface TarSource {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Takes the bytes of one file as they come. */
export interface Keeper {
  write(chunk: Uint8Array): void;
  /** What gives them back, as often as one likes. */
  done(): () => Promise<Uint8Array<ArrayBuffer>>;
}

/** In Blobs, which a browser moves to its disk when they are many. */
export const keepInBlobs = (): Keeper => {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  return {
    write: (chunk) => void chunks.push(new Uint8Array(chunk)),
    done() {
      const blob = new Blob(chunks);
      chunks.length = 0;
      return async () => new Uint8Array(await blob.arrayBuffer());
    },
  };
};

/** Whether a file is a tar by its name. */
export const isTar = (name: string): boolean => /\.(tar|tgz|txz|tar\.gz|tar\.xz)$/i.test(name);

/**
 * Reads an archive to its end.
 * @param keep is asked for a place for each file
 * @throws TarUnreadable when there is nothing in it, TarTooLarge when it holds more than the limits
 */
export async function openTar(
  source: TarSource,
  keep: () => Keeper = keepInBlobs,
  limits: ZipLimits = ZIP_LIMITS,
): Promise<OpenedZip> {
  const opened: OpenedZip = { entries: [], refused: [], notice: null };
  const taken = new Set<string>();
  let headers = 0;
  const decoder = createTarDecoder({ strict: true });
  const { stream, fault } = await unpacked(source, limits);
  const piping = stream.pipeTo(decoder.writable).catch(() => undefined);
  const reader = decoder.readable.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (++headers > limits.entries) throw new TarTooLarge(`more than ${limits.entries} entries`, `${limits.entries} entries`); // prettier-ignore
      await take(next.value, opened, taken, keep, limits);
    }
    // What was cut off between two files is no error to the decoder.
    if (fault.error) throw fault.error;
    if (headers === 0) throw new TarUnreadable('there are no files in it');
  } catch (error) {
    const cause = fault.error ?? error;
    void reader.cancel().catch(() => undefined);
    if (cause instanceof TarTooLarge || (cause instanceof TarUnreadable && opened.entries.length === 0))
      throw cause;
    const files = opened.entries.length;
    if (files === 0) throw new TarUnreadable('it is damaged, or no tar', { cause });
    opened.notice = `The tar file is damaged after ${files} file${files === 1 ? '' : 's'}: the rest is lost.`;
  }
  await piping;
  return opened;
}

async function take(
  { header, body }: ParsedTarEntry,
  { entries, refused }: OpenedZip,
  taken: Set<string>,
  keep: () => Keeper,
  limits: ZipLimits,
): Promise<void> {
  const { name, type = 'file', size } = header;
  if (type === 'directory' || type === 'pax-global-header' || type === 'pax-header') return body.cancel();
  const safe = safePath(name, limits.pathLength);
  const path = 'path' in safe ? safe.path : printable(name);
  const reason = 'reason' in safe ? safe.reason : whyRefused(path, type, size, taken, limits);
  if (reason) {
    refused.push({ path, reason });
    return body.cancel();
  }
  taken.add(path);
  entries.push(await store(path, size, body, keep()));
}

function whyRefused(
  path: string,
  type: string,
  size: number,
  taken: ReadonlySet<string>,
  limits: ZipLimits,
): string | null {
  // prettier-ignore
  if (taken.has(path)) return 'an earlier file has the same name';
  if (type === 'link' || type === 'symlink') return 'it is a link, not a file';
  if (type !== 'file') return 'it is a device, not a file';
  return size > limits.entryBytes ? `it unpacks to more than ${gigabytes(limits.entryBytes)}` : null;
}

async function store(
  path: string,
  size: number,
  body: ReadableStream<Uint8Array>,
  keeper: Keeper,
): Promise<ZipEntry> {
  // prettier-ignore
  const reader = body.getReader();
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    keeper.write(next.value);
    length += next.value.length;
  }
  if (length !== size) throw new TarUnreadable('it is cut short');
  const read = keeper.done();
  return {
    path,
    size,
    async read() {
      const bytes = await read();
      if (bytes.length !== size) throw new ZipEntryUnreadable('it holds fewer bytes than the archive states');
      return bytes;
    },
  };
}

const CHUNK_BYTES = 256 * 1024;

/** The archive's bytes as they come, unpacked and counted. What went wrong on the way is in `fault`: streams lose its type. */
async function unpacked(source: TarSource, limits: ZipLimits) {
  const fault: { error: unknown } = { error: null };
  const head = new Uint8Array(await source.slice(0, 6).arrayBuffer());
  const packed = bytesOf(source);
  const told = (error: unknown) => (fault.error ??= error);
  const plain = startsWith(head, GZIP)
    ? watched(packed.pipeThrough(new DecompressionStream('gzip') as ReadableWritablePair<Uint8Array, Uint8Array>), told) // prettier-ignore
    : startsWith(head, XZ)
      ? watched(await unpackXz(packed), told)
      : packed;
  const most = startsWith(head, GZIP) || startsWith(head, XZ) ? Math.max(limits.ratioFromBytes, limits.ratio * source.size) : Infinity; // prettier-ignore
  let total = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      total += chunk.length;
      if (total > limits.totalBytes) throw told(new TarTooLarge(`more than ${gigabytes(limits.totalBytes)} once unpacked`, gigabytes(limits.totalBytes))); // prettier-ignore
      if (total > most) throw told(new TarTooLarge(`more than ${limits.ratio} times its size`, `${limits.ratio} times its size`)); // prettier-ignore
      controller.enqueue(chunk);
    },
  });
  return { stream: plain.pipeThrough(counting), fault };
}

const GZIP = [0x1f, 0x8b];
const XZ = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];
const startsWith = (head: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, i) => head[i] === byte);

/** XZ is rare: its unpacker comes when it is needed. It is CommonJS, whose names Node hands over as one default. */
async function unpackXz(packed: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const found = await import('xz-decompress');
  const { XzReadableStream } = 'default' in found ? (found.default as typeof found) : found;
  return new XzReadableStream(packed);
}

/** The same stream; hears of its error. */
function watched(
  stream: ReadableStream<Uint8Array>,
  told: (error: unknown) => unknown,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (cause) {
        controller.error(told(new TarUnreadable('its packing is damaged or cut short', { cause })));
      }
    },
    cancel: (reason) => reader.cancel(reason).catch(() => undefined),
  });
}

function bytesOf(source: TarSource): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      const end = Math.min(source.size, at + CHUNK_BYTES);
      const chunk = at < end ? new Uint8Array(await source.slice(at, end).arrayBuffer()) : null;
      at = end;
      if (chunk && chunk.length > 0) controller.enqueue(chunk);
      if (!chunk || chunk.length === 0 || at >= source.size) controller.close();
    },
  });
}

const gigabytes = (bytes: number): string => `${Number((bytes / 2 ** 30).toFixed(1))} GB`;
