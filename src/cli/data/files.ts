// Reading files, and the one way of writing them, with errors that say which file and what to do. Where files may go is
// checked before long work starts (output/targets.ts).
import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { READABLE } from '../../lib/datasets/layouts/names';
import { archivedFile, isArchive, mountArchive, readArchived } from './archive';
import { FileUnreadable, FileUnwritable, UnfitData } from '../errors';
import { disk } from '../output/disk';
import { assertInside, modeOfTarget } from '../output/targets';

/** The bytes of a file, on disk or in a mounted zip, in a buffer of their own. @throws FileUnreadable */
export async function readBytes(path: string): Promise<ArrayBuffer> {
  const archived = archivedFile(path);
  if (archived) return readArchived(path, archived);
  try {
    const bytes = await readFile(path);
    // Small files share a pool: copy exactly their part.
    return new Uint8Array(bytes).buffer;
  } catch (cause) {
    throw new FileUnreadable(path, cause);
  }
}

/**
 * Writes a file, its folder made when missing. Whoever looks, whenever the power goes, sees the old file or the new one,
 * never a part of it: it is written beside, brought to the disk and renamed. Permissions of the old file stay.
 * @param inside no link on the way may lead out of this folder
 * @throws FileUnwritable; the old file stays, and no part is left
 */
export async function writeBytes(
  path: string,
  content: Uint8Array | string | ReadableStream<Uint8Array>,
  { inside = null }: { inside?: string | null } = {},
): Promise<void> {
  const folder = dirname(path);
  try {
    if (inside !== null) await assertInside(path, inside);
    const mode = await modeOfTarget(path);
    await disk.makeFolder(folder);
    await replace(path, join(folder, `.grad-${randomBytes(6).toString('hex')}.part`), content, mode);
  } catch (cause) {
    throw cause instanceof FileUnwritable ? cause : new FileUnwritable(path, cause);
  }
}

async function replace(
  path: string,
  part: string,
  content: Uint8Array | string | ReadableStream<Uint8Array>,
  mode: number | null,
): Promise<void> {
  const file = await disk.create(part, mode);
  try {
    try {
      for await (const bytes of piecesOf(content)) await file.write(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.rename(part, path);
  } catch (error) {
    // The first fault is the one to tell.
    await disk.remove(part).catch(() => undefined);
    throw error;
  }
}

async function* piecesOf(content: Uint8Array | string | ReadableStream<Uint8Array>) {
  if (typeof content === 'string') yield new TextEncoder().encode(content);
  else if (content instanceof Uint8Array) yield content;
  else yield* content as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>;
}

/**
 * Image files by path: files as they are named, folders and zips searched through, everything once and in code-unit order.
 * @throws FileUnreadable for a path that is not there, UnfitData when there is no image at all
 */
export async function imageFilesIn(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(filesOf));
  const files = [...new Set(found.flat())].sort();
  if (files.length > 0) return files;
  throw new UnfitData(
    `There are no images in ${paths.join(', ')}.`,
    'Name PNG, JPEG, WebP or BMP files, or folders or zips of them.',
  );
}

async function filesOf(path: string): Promise<string[]> {
  const folder = await isFolder(path);
  if (!folder && !isArchive(path)) return [path];
  const names = folder ? await listFiles(path) : (await mountArchive(path)).paths;
  return names.filter((name) => READABLE.test(name)).map((name) => join(path, name));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new FileUnreadable(path, cause);
  }
}

/** All files below a folder: paths relative to it, with forward slashes, in code-unit order. @throws FileUnreadable */
export async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort();
  } catch (cause) {
    throw new FileUnreadable(folder, cause);
  }
}
