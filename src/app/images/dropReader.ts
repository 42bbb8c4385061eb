// Looks through what was dropped: zips are opened, tables read, the layout recognised. Changes nothing; the caller
// it decides what comes of it. Loaded when the first files come: it brings the unpacker and the table reader.
import {
  MAX_TABLE_LENGTH,
  readFolder,
  splitTablesIn,
  SYSTEM_FILE,
  type FolderReport,
  type IgnoredFile,
} from '../../lib/datasets/folder';
import type { Split } from '../../engine/api/types';
import { toReport } from '../../lib/errors';
import { isSessionZip, openZip, type ZipEntry } from '../../lib/formats/zip';
import type { DroppedFile } from './dropped';
import type { OwnFile } from './ownFiles';
import type { Refusal } from './dataSlice';

export interface DropContents {
  report: FolderReport;
  /** The files that the report speaks of, by path. */
  files: ReadonlyMap<string, OwnFile>;
  refusals: Refusal[];
  /** Sentences about archives as a whole. */
  notices: string[];
  /** Archives that are sessions. */
  sessions: File[];
}

/** @throws TooManyFiles */
export async function readDrop(dropped: readonly DroppedFile[], side: Split): Promise<DropContents> {
  const files = new Map<string, OwnFile>();
  const found: Pick<DropContents, 'refusals' | 'notices' | 'sessions'> = {
    refusals: [],
    notices: [],
    sessions: [],
  };
  for (const { path, file } of dropped) {
    if (isZip(path)) await unfold(path, file, files, found);
    else files.set(path, file);
  }
  const report = readFolder([...files.keys()], { side, tables: await readTables(files) });
  return { report, files, ...found, refusals: [...found.refusals, ...refusalsOf(report.ignored)] };
}

const isZip = (path: string): boolean => /\.zip$/i.test(path);

/** Lists an archive's files as if its folder had been dropped; nothing is unpacked yet. */
async function unfold(
  path: string,
  file: File,
  files: Map<string, OwnFile>,
  found: Pick<DropContents, 'refusals' | 'notices' | 'sessions'>,
): Promise<void> {
  try {
    const zip = await openZip(file);
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
  return inOneFolder && !taken ? '' : `${path.replace(/\.zip$/i, '')}/`;
}

function packed(entry: ZipEntry): OwnFile {
  const name = entry.path.split('/').at(-1)!;
  return { size: entry.size, unpack: async () => new File([await entry.read()], name) };
}

/** Tables that say which image is what, as text; one that cannot be read says nothing. */
async function readTables(files: ReadonlyMap<string, OwnFile>): Promise<Map<string, string>> {
  const tables = new Map<string, string>();
  for (const path of splitTablesIn([...files.keys()])) {
    const file = files.get(path)!;
    if (file.size > MAX_TABLE_LENGTH) continue;
    const text = await ('unpack' in file ? file.unpack() : Promise.resolve(file))
      .then((opened) => opened.text())
      .catch(() => '');
    tables.set(path, text);
  }
  return tables;
}

/** What the operating system leaves in folders was not added on purpose; a line about it would only hide the others. */
const refusalsOf = (ignored: readonly IgnoredFile[]): Refusal[] =>
  ignored
    .filter(({ reason }) => reason !== SYSTEM_FILE)
    .map(({ path, reason }) => ({ name: path, message: sentence(reason), remedy: '' }));

const sentence = (reason: string): string => `${reason[0]!.toUpperCase()}${reason.slice(1)}.`;
