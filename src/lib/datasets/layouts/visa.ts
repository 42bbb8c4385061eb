// VisA: which image is what stands in a table, split_csv/1cls.csv with the columns object, split, label, image, mask;
// paths are relative to the folder around split_csv. The table may be anything at all: it is trusted in nothing.
import Papa from 'papaparse';
import { byCodeUnits, counted, few, unify } from './names';
import { GOOD, type FolderImage, type IgnoredFile, type Reading } from './report';

/** The table of the one-class (normal images only) protocol, the one that fits this task. */
const TABLE = /(^|\/)split_csv\/1cls\.csv$/i;
/** Characters; VisA's own has 1 million (10,821 rows). */
export const MAX_TABLE_LENGTH = 32 * 2 ** 20;
const COLUMNS = ['object', 'split', 'label', 'image', 'mask'] as const;
type Row = Record<(typeof COLUMNS)[number], string>;

/** Tables that say what images are: to be read and handed to `readFolder` beside the list of files. */
export const splitTablesIn = (paths: readonly string[]): string[] =>
  paths.filter((path) => TABLE.test(unify(path))).sort(byCodeUnits);

/**
 * Reads the files by the first table that names at least one of them.
 * @returns null when none does
 */
export function readVisa(paths: readonly string[], tables: ReadonlyMap<string, string>): Reading | null {
  const byPath = new Map(paths.map((path) => [unify(path), path]));
  for (const table of splitTablesIn([...tables.keys()])) {
    const reading = readTable(table, tables.get(table)!, byPath);
    if (reading.images.length > 0) return reading;
  }
  return null;
}

function readTable(table: string, text: string, byPath: ReadonlyMap<string, string>): Reading {
  const root = unify(table).replace(TABLE, '$1');
  const find = (path: string) => (path === '' ? undefined : byPath.get(root + unify(path)));
  const images = new Map<string, FolderImage>();
  const faults = { rows: 0, images: [] as string[], masks: [] as string[] };
  for (const row of rowsOf(text)) {
    const kind = kindOf(row);
    const path = find(row.image);
    if (kind === null) faults.rows += 1;
    else if (path === undefined) faults.images.push(row.image);
    else if (!images.has(path)) {
      const maskPath = kind.label === 1 ? (find(row.mask) ?? null) : null;
      if (kind.label === 1 && maskPath === null && row.mask !== '') faults.masks.push(row.mask);
      images.set(path, { path, ...kind, maskPath });
    }
  }
  const list = [...images.values()].sort((a, b) => byCodeUnits(a.path, b.path));
  return { layout: 'visa', images: list, ignored: unnamed(byPath, list), notices: noticesOf(faults) };
}

/** Rows as texts, columns found by their names in any order; none when the names are not there. */
function rowsOf(text: string): Row[] {
  const { data } = Papa.parse<string[]>(text.slice(0, MAX_TABLE_LENGTH), { skipEmptyLines: true });
  const names = (data[0] ?? []).map((name) =>
    name
      .replace(/^\ufeff/, '')
      .trim()
      .toLowerCase(),
  );
  const places = COLUMNS.map((column) => names.indexOf(column));
  if (places.slice(0, 4).includes(-1)) return [];
  return data
    .slice(1)
    .map(
      (cells) =>
        Object.fromEntries(COLUMNS.map((column, i) => [column, cells[places[i]!]?.trim() ?? ''])) as Row,
    );
}

/** What a row says of its image; null for words that mean nothing, and for anomalies to train on. */
function kindOf({ object, split, label }: Row): Omit<FolderImage, 'path' | 'maskPath'> | null {
  const normal = /^normal$/i.test(label);
  if (!normal && !/^anomaly$/i.test(label)) return null;
  const kind = { category: object, label: normal ? 0 : 1, type: normal ? GOOD : 'anomaly' } as const;
  if (/^test$/i.test(split)) return { ...kind, split: 'test' };
  return /^train$/i.test(split) && normal ? { ...kind, split: 'train' } : null;
}

function unnamed(byPath: ReadonlyMap<string, string>, images: readonly FolderImage[]): IgnoredFile[] {
  const used = new Set(images.flatMap(({ path, maskPath }) => [path, maskPath]));
  return [...byPath.values()]
    .filter((path) => !used.has(path))
    .map((path) => ({ path, reason: 'not named in split_csv/1cls.csv' }));
}

function noticesOf({ rows, images, masks }: { rows: number; images: string[]; masks: string[] }): string[] {
  const lines: string[] = [];
  if (rows > 0)
    lines.push(`${counted(rows, 'row')} of split_csv/1cls.csv cannot be used: split or label is unknown.`);
  if (images.length > 0)
    lines.push(
      `${counted(images.length, 'image')} of split_csv/1cls.csv not among the files: ${few(images)}.`,
    );
  if (masks.length > 0)
    lines.push(`${counted(masks.length, 'mask')} of split_csv/1cls.csv not among the files: ${few(masks)}.`);
  return lines;
}
