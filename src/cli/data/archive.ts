// Zips and tars on the command line: once mounted, paths below them read like paths below a folder. Files are unpacked one at
// a time, when they are asked for; the zip stays open until the command ends.
import type { FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isSessionZip, openZip, type OpenedZip, type ZipEntry, type ZipSource } from '../../lib/formats/zip';
import { isTar, openTar, type Keeper } from '../../lib/formats/tar';
import { ZipEntryUnreadable } from '../../lib/formats/zip/errors';
import { FileUnreadable, UnfitData } from '../errors';
import { openScratchFile } from './scratchFile';
import { openRegular } from './regularFile';

export interface Listing {
  /** Relative, forward slashes. */
  paths: string[];
  /** Sentences about files that will not be unpacked. */
  notices: string[];
}

const mounted = new Map<string, ReadonlyMap<string, ZipEntry>>();

export const isArchive = (path: string): boolean => /\.zip$/i.test(path) || isTar(path);

/**
 * Opens a zip of images.
 * @throws FileUnreadable, ZipUnreadable, ZipTooLarge, UnfitData for a session's zip
 */
export async function mountArchive(path: string): Promise<Listing> {
  const source = await sourceOf(path);
  const zip = isTar(path) ? await openTar(source, await keepOnDisk()) : await openZip(source);
  if (isSessionZip(zip))
    throw new UnfitData(`${path} is a session, not a set of images.`, 'Give it as the session of `score`.');
  mounted.set(join(path), new Map(zip.entries.map((entry) => [entry.path, entry])));
  return { paths: zip.entries.map((entry) => entry.path), notices: noticesOf(zip) };
}

/** A tar has no list of files: it is unpacked once, into a file of its own that goes with the command. */
async function keepOnDisk(): Promise<() => Keeper> {
  const file = await openScratchFile();
  let end = 0;
  return () => {
    const start = end;
    return {
      write(chunk) {
        file.write(end, chunk);
        end += chunk.length;
      },
      done() {
        const bytes = end - start;
        return async () => {
          const into = new Uint8Array(bytes);
          file.read(start, into);
          return into;
        };
      },
    };
  };
}

/** What a path below a mounted zip names; null for any other path. */
export function archivedFile(path: string): ZipEntry | null {
  for (const [zip, entries] of mounted) {
    if (!path.startsWith(`${zip}${sep}`)) continue;
    return (
      entries.get(
        path
          .slice(zip.length + 1)
          .split(sep)
          .join('/'),
      ) ?? null
    );
  }
  return null;
}

/** Unpacks. @throws FileUnreadable with the path */
export async function readArchived(path: string, entry: ZipEntry): Promise<ArrayBuffer> {
  try {
    return (await entry.read()).buffer;
  } catch (cause) {
    throw new FileUnreadable(path, cause instanceof ZipEntryUnreadable ? cause.message : cause);
  }
}

/** A file in a zip, unpacked anew whenever it is read. */
export class ArchivedBlob extends Blob {
  readonly #path: string;
  readonly #entry: ZipEntry;

  constructor(path: string, entry: ZipEntry) {
    super();
    this.#path = path;
    this.#entry = entry;
  }

  override get size(): number {
    return this.#entry.size;
  }

  /** @throws FileUnreadable */
  override arrayBuffer(): Promise<ArrayBuffer> {
    return readArchived(this.#path, this.#entry);
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream({
      start: async (controller) => {
        controller.enqueue(new Uint8Array(await this.arrayBuffer()));
        controller.close();
      },
    });
  }

  override slice(): Blob {
    throw new RangeError('a packed file is read whole');
  }
}

/** One line per reason, with the first file of each. */
function noticesOf({ refused, notice }: OpenedZip): string[] {
  const reasons = [...new Set(refused.map(({ reason }) => reason))];
  const lines = reasons.map((reason) => {
    const paths = refused.filter((file) => file.reason === reason).map(({ path }) => path);
    return `left out ${paths[0]}${paths.length > 1 ? ` and ${paths.length - 1} more` : ''}: ${reason}`;
  });
  return notice ? [notice, ...lines] : lines;
}

async function sourceOf(path: string): Promise<ZipSource> {
  try {
    const file = await openRegular(path);
    return {
      size: (await file.stat()).size,
      slice: (start, end) => ({ arrayBuffer: () => read(file, start, end) }),
    };
  } catch (cause) {
    throw new FileUnreadable(path, cause);
  }
}

async function read(file: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(end - start), 0, end - start, start);
  return buffer.buffer.slice(0, bytesRead);
}
