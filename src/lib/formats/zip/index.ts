// Opens a zip file of any size: its directory is read, checked and limited here; each file is unpacked only when it is
// asked for. No archive is trusted. What the paths mean is not decided here (datasets/folder.ts, sessions).
// Load this file lazily: it brings the unpacker with it.
import {
  ERR_AMBIGUOUS_ARCHIVE,
  ERR_BAD_FORMAT,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_ENTRY_DATA_OUT_OF_BOUNDS,
  ERR_EOCDR_NOT_FOUND,
  ERR_INVALID_CRC32,
  ERR_INVALID_UNCOMPRESSED_SIZE,
  ERR_LOCAL_FILE_HEADER_NOT_FOUND,
  ERR_OVERLAPPING_ENTRY,
  ERR_SPLIT_ZIP_FILE,
  ZipReader,
  type Entry,
  type FileEntry,
  type ReadableReader,
} from '@zip.js/zip.js/lib/zip-core-reader.js';
import { ZipEntryUnreadable, ZipTooLarge, ZipUnreadable } from './errors';
import { ZIP_LIMITS, type ZipLimits } from './limits';
import { oneEntry, type EntryPlace } from './oneEntry';
import { printable, safePath } from './path';
import { directorySource, type ZipSource } from './source';

export type { ZipSource } from './source';

export interface ZipEntry {
  /** Relative, forward slashes, unique within the archive. */
  path: string;
  /** Bytes once unpacked, as the directory states them; `read` gives exactly so many or throws. */
  size: number;
  /** Unpacks this one file and compares its checksum. @throws ZipEntryUnreadable */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

export interface OpenedZip {
  /** Files only, in the archive's order. */
  entries: ZipEntry[];
  /** Files that will not be unpacked, each with a reason that continues "because". */
  refused: { path: string; reason: string }[];
  /** A sentence when the directory ended before its time: `entries` is what came before. */
  notice: string | null;
}

/**
 * Reads an archive's directory.
 * @param source a Blob, or anything with `size` and `slice().arrayBuffer()`; must stay readable while entries are read
 * @throws ZipUnreadable when there is no directory, ZipTooLarge when it holds more than the limits
 */
export async function openZip(source: ZipSource, limits: ZipLimits = ZIP_LIMITS): Promise<OpenedZip> {
  const opened: OpenedZip = { entries: [], refused: [], notice: null };
  const listing = listEntries(source, limits);
  const paths = new Set<string>();
  const taken: ListedEntry[] = [];
  let total = 0;
  try {
    for await (const { entry, place } of listing) {
      if (entry.directory) continue;
      const judged = take(entry, place, paths, limits);
      if ('reason' in judged) opened.refused.push(judged);
      else {
        taken.push(judged);
        total += judged.size;
      }
      if (total > limits.totalBytes)
        throw new ZipTooLarge(`more than ${gigabytes(total)} once unpacked`, gigabytes(limits.totalBytes));
    }
  } catch (error) {
    if (error instanceof ZipTooLarge) throw error;
    if (paths.size === 0) throw toUnreadable(error);
    opened.notice = `The zip file's list of files is damaged after ${paths.size} file${paths.size === 1 ? '' : 's'}: the rest is lost.`;
  }
  const ranges = new ReadRanges();
  opened.entries = taken.map((entry) => {
    return { path: entry.path, size: entry.size, read: () => unpack(source, entry, ranges, limits) };
  });
  return opened;
}

/** What is kept of an entry: little, as there may be a hundred thousand. */
interface ListedEntry {
  path: string;
  size: number;
  packedSize: number;
  place: EntryPlace;
}

/**
 * Parts of the archive that entries were unpacked from: archives whose entries share bytes are bombs. An entry that does
 * not hold what it says takes no other's place.
 */
class ReadRanges {
  readonly #read = new Set<ListedEntry>();
  /** Of ranges without overlap, in their order. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** @throws ZipEntryUnreadable when another entry was unpacked from bytes of this one */
  assertFree(entry: ListedEntry): void {
    if (this.#read.has(entry)) return;
    const before = this.#countBelow(endOf(entry)) - 1;
    if (before >= 0 && this.#ends[before]! > entry.place.offset)
      throw new ZipEntryUnreadable(ENTRY_FAULTS[ERR_OVERLAPPING_ENTRY]!);
  }

  /** @throws as above */
  take(entry: ListedEntry): void {
    this.assertFree(entry);
    if (this.#read.has(entry)) return;
    this.#read.add(entry);
    const at = this.#countBelow(entry.place.offset);
    this.#starts.splice(at, 0, entry.place.offset);
    this.#ends.splice(at, 0, endOf(entry));
  }

  /** Ranges that start below a position. */
  #countBelow(position: number): number {
    let low = 0;
    for (let high = this.#starts.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** At least: names and other fields of the entry's own header stand between. */
const endOf = ({ place, packedSize }: ListedEntry): number => place.offset + LOCAL_HEADER_BYTES + packedSize;

const LOCAL_HEADER_BYTES = 30;
const RECORD_BYTES = 46;

/** Whether an archive is a session rather than a set of images: sessions have `session.json` at the root. */
export const isSessionZip = ({ entries }: Pick<OpenedZip, 'entries'>): boolean =>
  entries.some(({ path }) => path === SESSION_FILE);

const SESSION_FILE = 'session.json';

async function* listEntries(
  source: ZipSource,
  limits: ZipLimits,
): AsyncGenerator<{ entry: Entry; place: EntryPlace }> {
  const zip = readerOf(source, limits);
  let count = 0;
  let start: number | null = null;
  for await (const entry of zip.getEntriesGenerator()) {
    if (++count > limits.entries)
      throw new ZipTooLarge(`more than ${limits.entries} entries`, `${limits.entries} entries`);
    const { rawFilename, rawExtraField, rawComment, offset } = entry;
    const directory = zip.directoryOffset!;
    start ??= directory;
    const end: number = start + RECORD_BYTES + rawFilename.length + rawExtraField.length + rawComment.length;
    yield { entry, place: { directory, start, end, offset } };
    start = end;
  }
}

/** A plain object with the two methods that are called does for the source: the package's base class would double the code. */
const readerOf = (source: ZipSource, { directoryBytes }: ZipLimits) =>
  new ZipReader(directorySource(source, directoryBytes) as unknown as ReadableReader, READING);

const READING = {
  // Within the page's policy there are no workers from inline code, and the unpacking is the platform's own.
  useWebWorkers: false,
  useCompressionStream: true,
  checkCrc32: true,
  // Archives whose files share bytes are bombs.
  checkOverlappingEntry: true,
  // Names are checked one by one here; the package would give up the whole archive for one.
  filenameValidation: 'tolerant',
} as const;

const STORED = 0;
const DEFLATED = 8;

/** One entry checked as far as the directory tells. */
function take(
  entry: FileEntry,
  place: EntryPlace,
  paths: Set<string>,
  limits: ZipLimits,
): ListedEntry | { path: string; reason: string } {
  const safe = safePath(entry.filename, limits.pathLength);
  if ('reason' in safe) return { path: printable(entry.filename), reason: safe.reason };
  const { path } = safe;
  const reason = paths.has(path) ? 'an earlier file has the same name' : whyRefused(entry, limits);
  if (reason) return { path, reason };
  paths.add(path);
  return { path, size: entry.uncompressedSize, packedSize: entry.compressedSize, place };
}

function whyRefused(entry: FileEntry, limits: ZipLimits): string | null {
  const { uncompressedSize: size, compressedSize, compressionMethod = STORED } = entry;
  if (entry.encrypted) return 'it is encrypted';
  if (entry.symlink) return 'it is a link, not a file';
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    return 'it is packed by a method other than Deflate';
  if (compressionMethod === STORED && size !== compressedSize) return 'its sizes contradict each other';
  if (size > limits.entryBytes) return `it unpacks to more than ${gigabytes(limits.entryBytes)}`;
  if (size > limits.ratioFromBytes && size > limits.ratio * compressedSize)
    return `it unpacks to more than ${limits.ratio} times its size`;
  return null;
}

async function unpack(
  source: ZipSource,
  listed: ListedEntry,
  ranges: ReadRanges,
  limits: ZipLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const { size, place } = listed;
  ranges.assertFree(listed);
  const bytes = new Uint8Array(size);
  let at = 0;
  const sink = new WritableStream<Uint8Array>({
    write(chunk) {
      if (at + chunk.length > bytes.length) throw new RangeError('more bytes than stated');
      bytes.set(chunk, at);
      at += chunk.length;
    },
  });
  try {
    const { value: entry } = await readerOf(await oneEntry(source, place), limits)
      .getEntriesGenerator()
      .next();
    if (!entry || entry === true || entry.directory || entry.uncompressedSize !== size)
      throw new Error('its record has changed');
    await entry.getData(sink);
  } catch (error) {
    throw new ZipEntryUnreadable(ENTRY_FAULTS[messageOf(error)] ?? 'its bytes are damaged', { cause: error });
  }
  if (at !== bytes.length) throw new ZipEntryUnreadable('it holds fewer bytes than the archive states');
  // Another may have been read meanwhile.
  ranges.take(listed);
  return bytes;
}

/** The package's messages, in words. */
const ENTRY_FAULTS: Record<string, string> = {
  [ERR_INVALID_CRC32]: 'its checksum is wrong',
  [ERR_INVALID_UNCOMPRESSED_SIZE]: 'it holds another number of bytes than the archive states',
  [ERR_LOCAL_FILE_HEADER_NOT_FOUND]: 'the archive does not have it where it says',
  [ERR_ENTRY_DATA_OUT_OF_BOUNDS]: 'the archive is cut short',
  [ERR_OVERLAPPING_ENTRY]: 'it shares its bytes with another file, as zip bombs do',
  [ERR_AMBIGUOUS_ARCHIVE]: 'the archive describes it in two different ways',
};

const ARCHIVE_FAULTS: Record<string, [detail: string, remedy?: string]> = {
  [ERR_SPLIT_ZIP_FILE]: ['it is one part of several', 'Join the parts, or unpack them and drop the folder.'],
  [ERR_ENCRYPTED_CENTRAL_DIRECTORY]: [
    'its list of files is encrypted',
    'Unpack it with its password and drop the folder.',
  ],
  [ERR_BAD_FORMAT]: ['it is not a zip file, or cut short'],
  [ERR_EOCDR_NOT_FOUND]: ['it is not a zip file, or cut short'],
};

function toUnreadable(error: unknown): ZipUnreadable {
  if (error instanceof ZipUnreadable) return error;
  const [detail, remedy] = ARCHIVE_FAULTS[messageOf(error)] ?? ['its list of files is damaged'];
  return new ZipUnreadable(detail, remedy);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const gigabytes = (bytes: number): string => `${Number((bytes / 2 ** 30).toFixed(1))} GB`;
