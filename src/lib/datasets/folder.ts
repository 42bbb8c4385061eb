// Reads a listing of relative paths (a dropped folder, a zip, a directory on disk) and says which file is what and
// which layout that is. One file per layout in layouts/; docs/data.md has the table. Opens no file.
import { MAX_ENTRIES, TooManyFiles } from '../images/errors';
import { shorten } from './layouts/categories';
import { hasGoodBadFolders, readGoodBad } from './layouts/goodBad';
import { readLoose } from './layouts/loose';
import { byCodeUnits, READABLE, unify } from './layouts/names';
import type { FolderReport, IgnoredFile, Reading } from './layouts/report';
import { hasSplitFolders, readSplitFolders } from './layouts/splitFolders';
import { lacksOf, summaryOf } from './layouts/summary';
import { readVisa, splitTablesIn } from './layouts/visa';

export { typeInSet, type FolderImage, type FolderReport, type IgnoredFile } from './layouts/report';
export { MAX_TABLE_LENGTH, splitTablesIn } from './layouts/visa';

const OTHER_IMAGE = /\.(tiff?|gif|heic|heif|avif|jxl|jp2|svg)$/i;
const ARCHIVE = /\.(zip|tar|t?gz|7z|rar)$/i;
const SYSTEM = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/i;
/** Reason of files that were not added on purpose: worth no line on screen. */
export const SYSTEM_FILE = 'a file of the operating system';

export interface FolderOptions {
  /** Where images go that nothing says more about: training (taken as normal) or test (label unknown). */
  side?: 'train' | 'test';
  /** Texts of the tables that `splitTablesIn` names, by path. */
  tables?: ReadonlyMap<string, string>;
}

/**
 * Recognises a listing.
 * @param paths relative paths, `/` or `\` between folders, in any order
 * @throws TooManyFiles above 100,000 entries
 */
export function readFolder(
  paths: readonly string[],
  { side = 'train', tables }: FolderOptions = {},
): FolderReport {
  if (paths.length > MAX_ENTRIES) throw new TooManyFiles(paths.length, MAX_ENTRIES);
  const left: IgnoredFile[] = [];
  const used = new Set(splitTablesIn([...(tables?.keys() ?? [])]));
  const readable = [...new Set(paths)].sort(byCodeUnits).filter((path) => {
    const reason = whyUnreadable(path);
    if (reason && !used.has(path)) left.push({ path, reason });
    return !reason;
  });
  const { layout, images: read, ignored, notices } = recognise(readable, side, tables);
  const images = shorten(read);
  const categories = [...new Set(images.map(({ category }) => category))].sort(byCodeUnits);
  return {
    layout: images.length > 0 ? layout : 'empty',
    images,
    categories,
    ignored: [...left, ...ignored].sort((a, b) => byCodeUnits(a.path, b.path)),
    notices: [...notices, ...lacksOf(images, categories)],
    summary: summaryOf(layout, images, categories),
  };
}

/** The first layout that fits, from the one that says most to the one that says nothing. */
function recognise(
  paths: readonly string[],
  side: 'train' | 'test',
  tables?: ReadonlyMap<string, string>,
): Reading {
  const visa = tables && readVisa(paths, tables);
  if (visa) return visa;
  if (hasSplitFolders(paths)) return readSplitFolders(paths);
  if (hasGoodBadFolders(paths)) return readGoodBad(paths, side);
  return readLoose(paths, side);
}

function whyUnreadable(path: string): string | null {
  const unified = unify(path);
  if (SYSTEM.test(unified)) return SYSTEM_FILE;
  if (READABLE.test(unified)) return null;
  const other = OTHER_IMAGE.exec(unified)?.[1];
  if (other) return `.${other.toLowerCase()} is not read; convert it to PNG or JPEG`;
  return ARCHIVE.test(unified) ? 'an archive within is not opened; unpack it first' : 'not an image';
}
