// A reading as a table: how many files of which folder are what, with a few of them to look at.
import { byCodeUnits, unify } from './names';
import { masksOf, type FolderImage, type IgnoredFile, type ReadingRow } from './report';

/** More are not listed; the last row says how many. */
const MOST_ROWS = 500;
const EXAMPLES = 3;

interface Draft extends Omit<ReadingRow, 'count' | 'examples'> {
  paths: string[];
}

/** @param folders the folder that says what a file is, by path; without: the one it lies in */
export function rowsOf(
  images: readonly FolderImage[],
  ignored: readonly IgnoredFile[],
  folders: ReadonlyMap<string, string>,
): ReadingRow[] {
  const drafts = new Map<string, Draft>();
  const folderOf = (path: string) => folders.get(path) ?? unify(path).split('/').slice(0, -1).join('/');
  const add = (path: string, row: Omit<Draft, 'folder' | 'paths' | 'masks'>, masks: number) => {
    const folder = folderOf(path);
    const key = [folder, row.as, row.label, row.category, row.type, row.reason].join('\n');
    const draft = drafts.get(key) ?? { ...row, folder, masks: 0, paths: [] };
    drafts.set(key, draft);
    draft.paths.push(path);
    draft.masks += masks;
  };
  const masks = new Set<string>();
  for (const image of images) {
    const { path, split, label, category, type } = image;
    const own = masksOf(image);
    own.forEach((mask) => masks.add(mask));
    add(path, { as: split, label, category, type, reason: '' }, Number(own.length > 0));
  }
  for (const path of masks) add(path, { as: 'mask', label: null, category: '', type: '', reason: '' }, 0);
  for (const { path, reason } of ignored)
    add(path, { as: 'ignored', label: null, category: '', type: '', reason }, 0);
  const rows = [...drafts.values()].sort(
    (a, b) => byCodeUnits(a.folder, b.folder) || ORDER[a.as] - ORDER[b.as],
  );
  return rows
    .slice(0, MOST_ROWS)
    .map(({ paths, ...row }) => ({ ...row, count: paths.length, examples: some(paths) }));
}

const ORDER = { train: 0, validation: 1, test: 2, mask: 3, ignored: 4 };

/** The first, the middle and the last. */
const some = (paths: readonly string[]): string[] =>
  paths.length <= EXAMPLES ? [...paths] : [paths[0]!, paths[Math.floor(paths.length / 2)]!, paths.at(-1)!];
