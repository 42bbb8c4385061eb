// Reads a listing of relative paths (a dropped folder, an archive, a directory on disk) and says which file is what and
// which layout that is. A set's own split file counts first (layouts/splitFiles.ts), then rules and words by one engine
// (layouts/engine.ts); docs/data.md has the table. Opens no file.
import { MAX_ENTRIES, TooManyFiles } from '../images/errors';
import { shorten } from './layouts/categories';
import { readByRules } from './layouts/engine';
import { NO_LAYOUT, type Layout } from './layouts/language';
import { byCodeUnits, counted, few, READABLE, unify, withoutExtension } from './layouts/names';
import type { FolderReport, IgnoredFile, MaskLook, Reading } from './layouts/report';
import { rowsOf } from './layouts/rows';
import { readSplitFiles, type PartTable } from './layouts/splitFiles';
import { lacksOf, summaryOf } from './layouts/summary';
import { isDefectsConfig } from './defectsConfig';
import { outlinedImages } from './outlined';

export {
  masksOf,
  typeInSet,
  type FolderImage,
  type FolderReport,
  type IgnoredFile,
  type MaskFile,
  type MaskLook,
  type Question,
  type ReadingRow,
} from './layouts/report';
export { readLayout, toLayout, LayoutInvalid, NO_LAYOUT, type Layout, type Rule } from './layouts/language';
export { MAX_TABLE_LENGTH, textsIn } from './layouts/splitFiles';
export { readingOf, readingOfClass, type DatasetReading } from './layouts/reading';
export { BLACK_MASK, NORMALS_MASK } from './layouts/engine';

const OTHER_IMAGE = /\.(gif|heic|heif|avif|jxl|jp2|svg)$/i;
/** Beside the pictures of MVTec 3D-AD and sets like it: the place of each pixel in space. */
const IN_SPACE = /(^|\/)xyz\/[^/]*\.tiff?$/i;
/** May say what is on the image of its name: JSON is read, the others are known to be there. */
const LABELS_FILE = /\.(json|txt|xml)$/i;
const ARCHIVE = /\.(zip|tar|t?gz|t?xz|7z|rar)$/i;
const SYSTEM = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/i;
/** Reason of files that were not added on purpose: worth no line on screen. */
export const SYSTEM_FILE = 'a file of the operating system';

export interface FolderOptions {
  /** Where images go that nothing says more about: training (taken as normal) or test (label unknown). */
  side?: 'train' | 'test';
  /** Texts of the tables and JSON files that `textsIn` names, by path. */
  tables?: ReadonlyMap<string, string>;
  /** Rules of the reader's own; they go before everything but the set's split file. */
  layout?: Layout;
  /** What was seen of the masks that an earlier reading named (`toLook`), by path. Without: such a mask counts as a defect. */
  looks?: ReadonlyMap<string, MaskLook>;
}

/**
 * Recognises a listing.
 * @param paths relative paths, `/` or `\` between folders, in any order
 * @throws TooManyFiles above 100,000 entries, LayoutInvalid for a layout whose patterns cannot be used
 */
export function readFolder(paths: readonly string[], options: FolderOptions = {}): FolderReport {
  const {
    side = 'train',
    tables = new Map<string, string>(),
    layout = NO_LAYOUT,
    looks = new Map(),
  } = options;
  if (paths.length > MAX_ENTRIES) throw new TooManyFiles(paths.length, MAX_ENTRIES);
  const distinct = [...new Set(paths)].sort();
  const table = layout.rules.length > 0 && layout.splitFile === null ? null : tables.size === 0 ? null : readSplitFiles(distinct.filter((path) => !SYSTEM.test(unify(path))), tables, layout.splitFile); // prettier-ignore
  const part = table && isPartTable(table) ? table : null;
  const named = table && !isPartTable(table) ? table : null;
  const outlined = outlinedImages(distinct, tables);
  const used = new Set([
    ...outlined.files,
    ...distinct.filter(isDefectsConfig),
    ...(table?.splitFile ? usedTables(table.splitFile, tables) : []),
  ]);
  const images = distinct.some((path) => LABELS_FILE.test(path)) ? new Set(distinct.filter((path) => READABLE.test(unify(path))).map(stemOf)) : new Set<string>(); // prettier-ignore
  const left: IgnoredFile[] = [];
  const readable = distinct.filter((path) => {
    const reason = whyUnreadable(path, named === null ? images : new Set());
    if (reason && !used.has(path)) left.push({ path, reason });
    return !reason;
  });
  const reading = named ?? readByRules(readable, { side, layout, looks, outlined: outlined.images, table: part }); // prettier-ignore
  return report(reading, left);
}

const isPartTable = (table: Reading | PartTable): table is PartTable => !Array.isArray(table.images);

function report(reading: Reading, left: readonly IgnoredFile[]): FolderReport {
  const { layout, ignored, notices, questions = [], toLook = [], splitFile = null } = reading;
  const images = shorten(reading.images);
  const categories = [...new Set(images.map(({ category }) => category))].sort(byCodeUnits);
  const all = [...left, ...ignored].sort((a, b) => byCodeUnits(a.path, b.path));
  return {
    layout: images.length > 0 ? layout : 'empty',
    images,
    categories,
    ignored: all,
    notices: [...notices, ...lacksOf(images, categories), ...imagesLeftOut(ignored)],
    summary: summaryOf(layout, images, categories),
    rows: rowsOf(images, all.filter(({ reason }) => reason !== SYSTEM_FILE), reading.folders ?? new Map()), // prettier-ignore
    questions,
    toLook,
    splitFile,
  };
}

/** Images that no part of the layout speaks of are worth more than one line among many. */
function imagesLeftOut(ignored: readonly IgnoredFile[]): string[] {
  const outside = ignored.filter(({ path, reason }) => reason.startsWith('outside ') && READABLE.test(path));
  if (outside.length < 2) return [];
  const folders = [...new Set(outside.map(({ path }) => unify(path).split('/').slice(0, -1).join('/') || '(the root)'))]; // prettier-ignore
  return [`${counted(outside.length, 'image')} in ${few(folders)} belong to no part of the layout and are left out.`]; // prettier-ignore
}

const usedTables = (first: string, tables: ReadonlyMap<string, string>): string[] => {
  const folder = unify(first).replace(/[^/]*$/, '');
  return [...tables.keys()].filter((path) => path === first || (unify(path).replace(/[^/]*$/, '') === folder && /json/i.test(path) === /json/i.test(first))); // prettier-ignore
};

const stemOf = (path: string): string => withoutExtension(unify(path).split('/').at(-1)!).toLowerCase();

/** @param images names that the JSON of outlines beside an image may have */
function whyUnreadable(path: string, images: ReadonlySet<string>): string | null {
  const unified = unify(path);
  if (SYSTEM.test(unified)) return SYSTEM_FILE;
  if (IN_SPACE.test(unified)) return 'positions in space, not a picture';
  if (READABLE.test(unified)) return null;
  if (LABELS_FILE.test(unified) && images.has(stemOf(unified))) return null;
  const other = OTHER_IMAGE.exec(unified)?.[1];
  if (other) return `.${other.toLowerCase()} is not read; convert it to PNG or JPEG`;
  return ARCHIVE.test(unified) ? 'an archive within is not opened; unpack it first' : 'not an image';
}
