// Where outputs may go: never over an input, under whatever name or link it is reached; never through a link; never two
// to one place. Checked before long work starts and, for what may change meanwhile, again when a file is written.
import { constants, type Stats } from 'node:fs';
import { access, lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { FileUnwritable } from '../errors';

/**
 * Checks all files that a command will write, before it starts; makes nothing.
 * @param inputs files that it reads: all of them, on disk
 * @throws FileUnwritable
 */
export async function assertTargets(targets: readonly string[], inputs: readonly string[]): Promise<void> {
  for (const target of targets) await assertWritable(target);
  await assertApart(targets);
  await assertNoInputs(targets, inputs);
}

/** @throws FileUnwritable when it is there and can take no file's place, or its folder takes none */
export async function assertWritable(path: string): Promise<void> {
  await modeOfTarget(path);
  try {
    await access(await nearestFolder(dirname(path)), constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new FileUnwritable(path, cause);
  }
}

/** Permissions of the file that a new one takes the place of; null where there is none. @throws FileUnwritable for anything else */
export async function modeOfTarget(path: string): Promise<number | null> {
  const stats = await statsOf(path);
  if (!stats) return null;
  const refusal = refusalOf(stats);
  if (refusal) throw new FileUnwritable(path, refusal, 'Name another file, or take this one away.');
  return stats.mode & 0o777;
}

/** Why something that is there is not written over. */
function refusalOf(stats: Stats): string | null {
  if (stats.isSymbolicLink()) return 'it is a link, and files are not written through links';
  if (stats.isDirectory()) return 'it is a folder';
  if (!stats.isFile()) return 'it is no regular file';
  // The folder would allow it, and an administrator may do anything; the mark is meant all the same.
  return (stats.mode & 0o222) === 0 ? 'it is read-only' : null;
}

/** @throws FileUnwritable when a link on the way leads out of the folder that a path lies in by its name */
export async function assertInside(path: string, folder: string): Promise<void> {
  const real = await realPlace(dirname(path));
  if (!contains(await realPlace(folder), real)) {
    throw new FileUnwritable(path, `a link leads out of ${folder}`, 'Name another folder.');
  }
}

/**
 * Pictures among the images would be images of the set the next time.
 * @param inputs folders that are searched for images, and files
 * @throws FileUnwritable
 */
export async function assertOutside(folder: string, inputs: readonly string[]): Promise<void> {
  const real = await realPlace(folder);
  for (const input of inputs) {
    if (!contains(await realPlace(input), real)) continue;
    throw new FileUnwritable(
      folder,
      `it lies in ${input}, which is searched for images: the maps would be among them the next time`,
      'Name a folder beside it.',
    );
  }
}

/** A name as the least exact file system sees it: letters in either case, composed or not, are one. */
export const foldedName = (path: string): string =>
  path.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');

/** Two files in one place, or a file where another needs a folder. */
async function assertApart(targets: readonly string[]): Promise<void> {
  const folders = new Map<string, string>();
  const placeOf = async (path: string) => {
    const folder = dirname(path);
    if (!folders.has(folder)) folders.set(folder, await realPlace(folder));
    return foldedName(join(folders.get(folder)!, basename(path)));
  };
  const taken = new Map<string, string>();
  for (const target of targets) {
    const place = await placeOf(target);
    const other = taken.get(place);
    if (other !== undefined) throw new FileUnwritable(target, `${other} goes there too`, APART);
    taken.set(place, target);
  }
  for (const place of taken.keys()) {
    for (let folder = dirname(place); folder !== dirname(folder); folder = dirname(folder)) {
      const file = taken.get(folder);
      if (file !== undefined) throw new FileUnwritable(file, `${taken.get(place)} goes below it`, APART);
    }
  }
}

const APART = 'Give each output a name of its own.';

/** By what the system calls them, so that links of either kind and other spellings of a name are seen. */
async function assertNoInputs(targets: readonly string[], inputs: readonly string[]): Promise<void> {
  const there = new Map<string, string>();
  for (const target of targets) {
    const id = await identityOf(target);
    if (id) there.set(id, target);
  }
  if (there.size === 0) return;
  for (const input of inputs) {
    const target = there.get((await identityOf(input)) ?? '');
    if (target === undefined) continue;
    const which = resolve(target) === resolve(input) ? 'it is read' : `it is the same file as ${input}`;
    throw new FileUnwritable(target, `${which} by this command`, 'Name another file.');
  }
}

async function identityOf(path: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    // What is not there is nobody's input.
    return null;
  }
}

async function statsOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new FileUnwritable(path, cause);
  }
}

/** The path or what is nearest above it. */
async function nearestFolder(path: string): Promise<string> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const stats = await lstat(folder).catch(notThere(path));
    if (stats || folder === dirname(folder)) return join(folder, '.', sep);
  }
}

/** A path without links, of which the end need not be there yet. */
async function realPlace(path: string): Promise<string> {
  const whole = resolve(path);
  for (let folder = whole; ; folder = dirname(folder)) {
    const real = await realpath(folder).catch(notThere(path));
    if (real !== null || folder === dirname(folder)) return join(real ?? folder, relative(folder, whole));
  }
}

const notThere =
  (path: string) =>
  (cause: NodeJS.ErrnoException): null => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return null;
    throw new FileUnwritable(path, cause);
  };

const contains = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
