// Looks through what was dropped: zips are opened, tables read, the layout recognised. Changes nothing; the caller
// it decides what comes of it. Loaded when the first files come: it brings the unpacker and the table reader.
import {
  BLACK_MASK,
  MAX_TABLE_LENGTH,
  NO_LAYOUT,
  NORMALS_MASK,
  readFolder,
  masksOf,
  SYSTEM_FILE,
  textsIn,
  type FolderReport,
  type IgnoredFile,
  type Layout,
  type MaskFile,
  type MaskLook,
} from '../../lib/datasets/folder';
import { DefectsConfigs, isDefectsConfig } from '../../lib/datasets/defectsConfig';
import type { DefectMasks, Side } from '../../engine/api/types';
import { toReport } from '../../lib/errors';
import { isTar, openTar } from '../../lib/formats/tar';
import { isSessionZip, openZip, type ZipEntry } from '../../lib/formats/zip';
import type { DroppedFile } from './dropped';
import type { OwnFile } from './ownFiles';
import type { Refusal } from './dataSlice';

export interface DropContents {
  report: FolderReport;
  /** The files that the report speaks of, by path. */
  files: ReadonlyMap<string, OwnFile>;
  /** Of archives and of files in them; what the reading leaves out is the report's. */
  refusals: Refusal[];
  /** Sentences about archives as a whole. */
  notices: string[];
  /** Archives that are sessions. */
  sessions: File[];
}

/** @throws TooManyFiles */
export async function readDrop(dropped: readonly DroppedFile[], side: Side): Promise<DropContents> {
  const files = new Map<string, OwnFile>();
  const found: Pick<DropContents, 'refusals' | 'notices' | 'sessions'> = {
    refusals: [],
    notices: [],
    sessions: [],
  };
  for (const { path, file } of dropped) {
    if (isArchive(path)) await unfold(path, file, files, found);
    else files.set(path, file);
  }
  return { report: await readFound({ files }, side, NO_LAYOUT), files, ...found };
}

/** Files that were found, before and after a visitor says how they are to be read. */
export type Found = Omit<DropContents, 'report'>;

/** Reads the names by these rules, then what only the pixels of masks tell. @throws TooManyFiles */
export async function readFound(
  { files }: Pick<Found, 'files'>,
  side: Side,
  layout: Layout,
): Promise<FolderReport> {
  const tables = await readTables(files);
  const paths = [...files.keys()];
  const first = readFolder(paths, { side, tables, layout });
  if (first.toLook.length === 0) return first;
  return readFolder(paths, { side, tables, layout, looks: await looksAt(first.toLook, files) });
}

/** One that cannot be read shows a defect: its image is not trained on as a normal one. */
async function looksAt(masks: readonly MaskFile[], files: Found['files']): Promise<Map<string, MaskLook>> {
  const { lookAtMask } = await import('../../lib/datasets/maskFile');
  const looks = new Map<string, MaskLook>();
  for (const { path, image } of masks) {
    const look = await bytesOf(files.get(path)!)
      .then((bytes) => lookAtMask({ path, bytes }, image))
      .catch(() => ({ defect: 1, masklike: true }));
    looks.set(path, look);
  }
  return looks;
}

const opened = (file: OwnFile): Promise<File> => ('unpack' in file ? file.unpack() : Promise.resolve(file));
const bytesOf = async (file: OwnFile) => new Uint8Array(await (await opened(file)).arrayBuffer());

/** An image's mask: its file, or one that is made of several, or of outlines, when it is needed. */
export function maskFileOf(image: FolderReport['images'][number], files: Found['files']): OwnFile | null {
  const paths = masksOf(image);
  const [first] = paths;
  if (first === undefined) return null;
  if (paths.length === 1 && !/\.json$/i.test(first)) return files.get(first)!;
  const parts = paths.map((path) => ({ path, file: files.get(path)! }));
  return {
    size: parts.reduce((sum, { file }) => sum + file.size, 0),
    async unpack() {
      const { uniteMasks } = await import('../../lib/datasets/maskFile');
      const read = await Promise.all(
        parts.map(async ({ path, file }) => ({ path, bytes: await bytesOf(file) })),
      );
      return new File(
        [new Uint8Array(await uniteMasks(read, image.path))],
        `${first.split('/').at(-1)!}.png`,
      );
    },
  };
}

/** The masks of an image by themselves, and from when on each of their defects counts as found whole. */
export interface Regions {
  masks: OwnFile[];
  saturations: DefectMasks['saturations'];
}

/** What MVTec LOCO AD's lists among the files say of images; null for most. */
export async function regionsIn(
  files: Found['files'],
): Promise<(image: FolderReport['images'][number]) => Regions | null> {
  const texts = new Map<string, string>();
  for (const [path, file] of files) {
    if (!isDefectsConfig(path) || file.size > MAX_TABLE_LENGTH) continue;
    texts.set(path, await opened(file).then((one) => one.text()).catch(() => '')); // prettier-ignore
  }
  const configs = new DefectsConfigs(texts);
  return (image) => {
    const found = image.maskPath === null ? null : configs.of(image.path);
    return found && { masks: masksOf(image).map((path) => files.get(path)!), saturations: [...found] };
  };
}

const isArchive = (path: string): boolean => /\.zip$/i.test(path) || isTar(path);

/** Lists an archive's files as if its folder had been dropped; nothing is unpacked yet. */
async function unfold(
  path: string,
  file: File,
  files: Map<string, OwnFile>,
  found: Pick<DropContents, 'refusals' | 'notices' | 'sessions'>,
): Promise<void> {
  try {
    const zip = isTar(path) ? await openTar(file) : await openZip(file);
    if (isSessionZip(zip)) return void found.sessions.push(file);
    if (zip.notice) found.notices.push(`${path}: ${zip.notice}`);
    found.refusals.push(...refusalsOf(zip.refused.map((one) => ({ ...one, path: `${path}/${one.path}` }))));
    const folder = folderFor(path, zip.entries, files);
    for (const entry of zip.entries) files.set(folder + entry.path, packed(entry));
  } catch (error) {
    const { message, remedy } = toReport(error);
    found.refusals.push({ name: path, message, remedy });
  }
}

/**
 * The folder that an archive stands for: none where all it holds lies in one folder already, so that a packed folder and
 * the folder itself give the same names; else one named after it.
 */
function folderFor(path: string, entries: readonly ZipEntry[], files: ReadonlyMap<string, OwnFile>): string {
  const roots = new Set(entries.map((entry) => entry.path.split('/')[0]!));
  roots.delete('__MACOSX');
  const inOneFolder = roots.size === 1 && entries.every((entry) => entry.path.includes('/'));
  const taken = entries.some((entry) => files.has(entry.path));
  return inOneFolder && !taken ? '' : `${path.replace(/\.(zip|t[gx]z|tar(\.[gx]z)?)$/i, '')}/`;
}

function packed(entry: ZipEntry): OwnFile {
  const name = entry.path.split('/').at(-1)!;
  return { size: entry.size, unpack: async () => new File([await entry.read()], name) };
}

/** Tables that say which image is what, as text; one that cannot be read says nothing. */
async function readTables(files: ReadonlyMap<string, OwnFile>): Promise<Map<string, string>> {
  const tables = new Map<string, string>();
  for (const path of textsIn([...files.keys()])) {
    const file = files.get(path)!;
    if (file.size > MAX_TABLE_LENGTH) continue;
    const text = await opened(file)
      .then((one) => one.text())
      .catch(() => '');
    tables.set(path, text);
  }
  return tables;
}

/** What the operating system leaves in folders was not added on purpose; a line about it would only hide the others. */
export const refusalsOf = (ignored: readonly IgnoredFile[]): Refusal[] =>
  ignored
    .filter(({ reason }) => !UNTOLD.has(reason))
    .map(({ path, reason }) => ({ name: path, message: sentence(reason), remedy: '' }));

/** Masks that have said what they had to say are not lost either. */
const UNTOLD = new Set([SYSTEM_FILE, BLACK_MASK, NORMALS_MASK]);

const sentence = (reason: string): string => `${reason[0]!.toUpperCase()}${reason.slice(1)}.`;
