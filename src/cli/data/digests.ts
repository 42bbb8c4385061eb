// SHA-256 of the files of a data set, on disk or in a zip. What was once read is known again by its path, size and time
// stamps, over commands too: unchanged data cost no second reading. The record of it is only a convenience; a damaged
// one is made anew.
import { createHash, randomUUID } from 'node:crypto';
import { constants, type BigIntStats } from 'node:fs';
import { mkdir, open, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import * as v from 'valibot';
import { objectOf, parseOrNull, version } from '../../lib/formats/schema';
import { FileUnreadable } from '../errors';
import { cacheFolder } from '../root';
import { archived, readArchived } from './archive';

const RECORD_SCHEMA = 1;

/**
 * Stamps this young when a file was read say nothing: it may be written again within the same tick of the file system's
 * clock (two seconds on FAT).
 */
const TICK_MS = 2_000;

/** Of all files of a set ever asked for; those that are gone must not fill the disk. */
const MAX_ENTRIES = 200_000;

interface Entry {
  /** Size and time stamps; equal ones mean equal bytes. */
  stamps: string;
  /** When it was read, in milliseconds since 1970. */
  read: number;
  sha256: string;
}

export interface DigestOptions {
  /** Where records lie. Default: with what else the command line keeps. */
  folder?: string;
  now?: () => number;
}

export class Digests {
  /** Files that had to be read. */
  filesRead = 0;
  readonly #root: string;
  readonly #path: string;
  readonly #now: () => number;
  readonly #entries: Map<string, Entry>;

  private constructor(root: string, path: string, entries: Map<string, Entry>, now: () => number) {
    this.#root = root;
    this.#path = path;
    this.#entries = entries;
    this.#now = now;
  }

  /** @param root folder or zip that the files lie in: one record each */
  static async open(
    root: string,
    { folder = join(cacheFolder(), 'digests'), now = Date.now }: DigestOptions = {},
  ): Promise<Digests> {
    const real = await realpath(root).catch(() => resolve(root));
    const path = join(folder, `${sha256Hex(real)}.json`);
    return new Digests(root, path, await readRecord(path, real), now);
  }

  /**
   * The digest of a file's bytes, as 64 hexadecimal digits.
   * @param path on disk or below a mounted zip. @throws FileUnreadable, also when it changes meanwhile
   */
  async of(path: string): Promise<string> {
    const name = relative(this.#root, path).split(sep).join('/');
    const packed = archived(path);
    // The file itself tells what is read; its name may lead elsewhere by now.
    const file = packed ? null : await openFile(path);
    try {
      const stat = packed?.stat ?? (() => file!.stat({ bigint: true }));
      const before = await stat();
      if (!before.isFile()) throw new FileUnreadable(path, 'it is no file');
      const stamps = stampsOf(before);
      const known = this.#entries.get(name);
      if (known?.stamps === stamps && Number(newest(before)) / 1e6 + TICK_MS < known.read)
        return known.sha256;
      const read = this.#now();
      const sha256 = packed
        ? sha256Hex(new Uint8Array(await readArchived(path, packed.entry)))
        : sha256Hex(await file!.readFile());
      this.filesRead += 1;
      if (stampsOf(await stat()) !== stamps) throw new FileUnreadable(path, 'it is being written to');
      this.#entries.delete(name);
      this.#entries.set(name, { stamps, read, sha256 });
      return sha256;
    } catch (cause) {
      throw cause instanceof FileUnreadable ? cause : new FileUnreadable(path, cause);
    } finally {
      await file?.close();
    }
  }

  /** Keeps what was found for the next command; where nothing can be written, files are read again then. */
  async save(): Promise<void> {
    if (this.filesRead === 0) return;
    const files = [...this.#entries]
      .slice(-MAX_ENTRIES)
      .map(([name, { stamps, read, sha256 }]): FileLine => [name, stamps, read, sha256]);
    const root = await realpath(this.#root).catch(() => resolve(this.#root));
    const beside = `${this.#path}.${randomUUID()}.part`;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      const record = { schema: RECORD_SCHEMA, root, check: checkOf(root, files), files };
      await writeFile(beside, JSON.stringify(record));
      await rename(beside, this.#path);
    } catch {
      await rm(beside, { force: true }).catch(() => undefined);
    }
  }
}

type FileLine = [name: string, stamps: string, read: number, sha256: string];

const RECORD = objectOf({
  schema: version(RECORD_SCHEMA),
  root: v.string(),
  check: v.string(),
  files: v.array(
    v.tuple([v.string(), v.string(), v.number(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))]),
  ),
});

/** Nothing, when there is none or one that is not whole: a digit that fell over would pass for a digest. */
async function readRecord(path: string, root: string): Promise<Map<string, Entry>> {
  try {
    const record = parseOrNull(RECORD, JSON.parse(await readFile(path, 'utf8')));
    if (record?.root !== root || record.check !== checkOf(root, record.files)) return new Map();
    return new Map(record.files.map(([name, stamps, read, sha256]) => [name, { stamps, read, sha256 }]));
  } catch {
    return new Map();
  }
}

const checkOf = (root: string, files: readonly FileLine[]) => sha256Hex(JSON.stringify([root, files]));

/** Opened without waiting, should it be a pipe that nobody writes to. */
async function openFile(path: string) {
  try {
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw new FileUnreadable(path, cause);
  }
}

const newest = ({ mtimeNs, ctimeNs }: BigIntStats) => (mtimeNs > ctimeNs ? mtimeNs : ctimeNs);

/** The inode too: a file put in another's place may bring its time stamps along. */
const stampsOf = ({ size, mtimeNs, ctimeNs, dev, ino }: BigIntStats) =>
  [size, mtimeNs, ctimeNs, dev, ino].join(' ');

export const sha256Hex = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');
