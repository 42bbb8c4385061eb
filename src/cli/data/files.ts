// Reading files, and the one way of writing them, with errors that say which file and what to do. Where files may go is
// checked before long work starts (output/targets.ts).
import { randomBytes } from 'node:crypto';
import { openAsBlob, type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { checkFileSize } from '../../lib/images/limits';
import { ArchivedBlob, archivedFile, readArchived, type Listing } from './archive';
import { NOT_REGULAR, openRegular } from './regularFile';
import { FileUnreadable, FileUnwritable } from '../errors';
import { disk } from '../output/disk';
import { assertInside, modeOfTarget } from '../output/targets';

/** The bytes of a regular file, on disk or in a mounted zip, in a buffer of their own. @throws FileUnreadable */
export async function readBytes(path: string): Promise<ArrayBuffer> {
  const archived = archivedFile(path);
  if (archived) return readArchived(path, archived);
  const file = await openRegular(path);
  try {
    const bytes = await file.readFile();
    // Small files share a pool: copy exactly their part.
    return new Uint8Array(bytes).buffer;
  } catch (cause) {
    throw new FileUnreadable(path, cause);
  } finally {
    await file.close();
  }
}

/**
 * A file to be read later, on disk or in a mounted zip: many large ones take no memory meanwhile.
 * @throws FileUnreadable, TooLarge
 */
export async function laterBytes(path: string): Promise<Blob> {
  const archived = archivedFile(path);
  checkFileSize(archived?.size ?? (await sizeOf(path)));
  return archived ? new ArchivedBlob(path, archived) : openAsBlob(path);
}

async function sizeOf(path: string): Promise<number> {
  const file = await openRegular(path);
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
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
 * All regular files below a folder, and links to such: paths relative to it, in code-unit order. Pipes, devices and links
 * that lead to no file are left out with a notice.
 * @throws FileUnreadable
 */
export async function listFolder(folder: string): Promise<Listing> {
  const paths: string[] = [];
  const left = new Map<string, string[]>();
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) continue;
      const path = join(entry.parentPath, entry.name);
      const name = relative(folder, path).split(sep).join('/');
      const reason = entry.isFile() ? null : await whyNoFile(path, entry);
      if (reason === null) paths.push(name);
      else
        left
          .set(reason, left.get(reason) ?? [])
          .get(reason)!
          .push(name);
    }
  } catch (cause) {
    throw new FileUnreadable(folder, cause);
  }
  const notices = [...left].map(([reason, names]) => {
    const others = names.length > 1 ? ` and ${names.length - 1} more` : '';
    return `left out ${names.sort()[0]}${others}: ${reason}`;
  });
  return { paths: paths.sort(), notices };
}

async function whyNoFile(path: string, entry: Dirent): Promise<string | null> {
  if (!entry.isSymbolicLink()) return NOT_REGULAR;
  const target = await stat(path).catch(() => null);
  if (!target) return 'it is a link to nothing';
  if (target.isDirectory()) return 'it is a link to a folder, and those are not followed';
  return target.isFile() ? null : NOT_REGULAR;
}
