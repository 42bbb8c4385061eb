// Reading and writing files with errors that say which file and what to do. Destinations are checked before
// long work starts, so that an hour of training does not end at a folder that cannot be written.
import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { READABLE } from '../../lib/datasets/layouts/names';
import { archivedFile, isArchive, mountArchive, readArchived } from './archive';
import { FileUnreadable, FileUnwritable, UnfitData } from '../errors';

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

/** Writes a file, its folder made when missing. @throws FileUnwritable */
export async function writeBytes(
  path: string,
  content: Uint8Array | string | ReadableStream<Uint8Array>,
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content as Parameters<typeof writeFile>[1]);
  } catch (cause) {
    throw new FileUnwritable(path, cause);
  }
}

/** Makes the folder of a file to be written later and checks that it takes files. @throws FileUnwritable */
export async function assertWritable(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await access(dirname(path), constants.W_OK);
  } catch (cause) {
    throw new FileUnwritable(path, cause);
  }
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
    'Name PNG, JPEG, WebP, BMP or TIFF files, or folders or zips of them.',
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
