// A set's own file that says which image is what: VisA's split_csv/*.csv, Real-IAD's JSON, meta.json, JSON lines, and any
// table with columns for image and split or label. It counts before folders. It may be anything at all: it is trusted in
// nothing, and names only files of the listing.
import Papa from 'papaparse';
import { byCodeUnits, counted, few, READABLE, unify, withoutExtension } from './names';
import {
  DEFECT,
  GOOD,
  UNKNOWN,
  type FolderImage,
  type IgnoredFile,
  type LayoutName,
  type Reading,
} from './report';
import { wordReader, type Split } from './words';

/** Characters of a table or JSON; VisA's own has 1 million (10,821 rows). */
export const MAX_TABLE_LENGTH = 64 * 2 ** 20;
/** As many such files are read. Real-IAD has one a class. */
const MOST_TABLES = 200;

const TABLE = /\.(csv|tsv|jsonl?)$/i;
/** DAGM's lists of which images are defective. */
export const LABELS_TEXT = /(^|\/)label\/labels\.txt$/i;
const VISA = /(^|\/)split_csv\/[^/]+\.csv$/i;

/**
 * Files whose texts say what images are, or where their defects are: to be read and handed to `readFolder` beside the list of
 * files. JSON that is called like an image lies beside it for its outlines, and is none of them.
 */
export function textsIn(paths: readonly string[]): string[] {
  const tables = paths.filter((path) => TABLE.test(unify(path)) || LABELS_TEXT.test(unify(path)));
  if (tables.length === 0) return [];
  const images = new Set(paths.filter((path) => READABLE.test(path)).map(stemOf));
  const alone = tables.filter((path) => !/\.json$/i.test(path) || !images.has(stemOf(path)));
  return alone.sort((a, b) => rankOf(a) - rankOf(b) || byCodeUnits(a, b)).slice(0, MOST_TABLES);
}

const stemOf = (path: string): string => withoutExtension(unify(path).split('/').at(-1)!).toLowerCase();

/** VisA's protocol of normal images only before its others, and both before what else there is. */
const rankOf = (path: string): number => (VISA.test(unify(path)) ? Number(!/1cls\.csv$/i.test(path)) : 2);

/** A row as it stands in the file. */
interface Row {
  image: string;
  split: string;
  label: string;
  category: string;
  type: string;
  mask: string;
}

/** What a row's fields are called. */
const FIELDS: Record<keyof Row, readonly string[]> = {
  image: [
    'image',
    'image_path',
    'img',
    'img_path',
    'path',
    'filepath',
    'file_path',
    'filename',
    'file_name',
    'file',
  ],
  split: ['split', 'subset', 'set', 'phase', 'partition'],
  label: ['label', 'anomaly', 'is_anomaly', 'is_anomalous', 'anomalous', 'target', 'label_index'],
  category: ['object', 'category', 'clsname', 'cls_name', 'class_name', 'product', 'class'],
  type: ['type', 'defect', 'defect_type', 'anomaly_class', 'anomaly_type', 'specie_name', 'label_name'],
  mask: ['mask', 'mask_path', 'maskname', 'gt', 'gt_path', 'ground_truth'],
};
const NAMES = Object.keys(FIELDS) as (keyof Row)[];

interface Table {
  path: string;
  rows: Row[];
}

/** What a table says of an image; null where it says nothing, and folders and masks are asked. */
export interface Told {
  split: Split | null;
  label: 0 | 1 | null;
  type: string;
  category: string;
  maskPath: string | null;
}

/** Tables that say a part: a side without a label, a label without a side, or a mask for an image they call normal. */
export interface PartTable {
  images: ReadonlyMap<string, Told>;
  /** Its name as notices say it. */
  name: string;
  /** It says what trains and what is tested: images that it does not name belong to neither. */
  divides: boolean;
  layout: LayoutName;
  notices: string[];
  splitFile: string;
}

/**
 * Reads the files by the first table that names at least one of them, and those beside it that are of the same kind.
 * @param asked a table's path, or the end of one; null: the first that fits
 * @returns a reading; `images` as a map where folders and masks have to say the rest; null when no table fits
 */
export function readSplitFiles(
  paths: readonly string[],
  texts: ReadonlyMap<string, string>,
  asked: string | null = null,
): Reading | PartTable | null {
  if (texts.size === 0) return null;
  const files = new Files(paths.filter((path) => READABLE.test(unify(path))));
  const wanted = textsIn([...texts.keys()].filter((path) => TABLE.test(unify(path)))).filter(
    (path) => asked === null || endsWith(path, asked),
  );
  const tables = wanted.map((path): Table => ({ path, rows: rowsOf(path, texts.get(path)!) }));
  const told = tables.filter(({ rows }) => rows.length > 0);
  const tried = new Set<string>();
  for (const table of told) {
    const group = groupOf(table.path);
    if (tried.has(group)) continue;
    tried.add(group);
    const reading = readTables(told.filter(({ path }) => groupOf(path) === group), files);
    if (reading === null) continue;
    const others = told.filter(({ path }) => groupOf(path) !== group).map(({ path }) => path);
    if (others.length > 0) reading.notices.push(`${few(others)} ${others.length === 1 ? 'says' : 'say'} it differently and ${others.length === 1 ? 'is' : 'are'} not followed.`); // prettier-ignore
    return reading;
  } // prettier-ignore
  return null;
}

const endsWith = (path: string, end: string): boolean => `/${unify(path)}`.toLowerCase().endsWith(`/${unify(end)}`.toLowerCase()); // prettier-ignore

/** Tables that complete each other: those of one folder; VisA's are protocols of their own. */
const groupOf = (path: string): string => VISA.test(unify(path)) ? unify(path) : `${unify(path).replace(/[^/]*$/, '')}*${/json/i.test(path) ? '.json' : '.csv'}`; // prettier-ignore

function readTables(tables: readonly Table[], files: Files): Reading | PartTable | null {
  const [{ path: first }] = tables as [Table];
  const name = tables.length === 1 ? shortName(first) : `${tables.length} files beside ${shortName(first)}`;
  const images = new Map<string, Told>();
  const faults = { rows: 0, images: [] as string[], masks: [] as string[] };
  const saysNormal = tables.some(({ rows }) => rows.some(({ label }) => /[a-z]/i.test(label) && labelOf(label) === 0)); // prettier-ignore
  for (const { path: table, rows } of tables)
    for (const row of rows) {
      const told = toldBy(row, saysNormal);
      if (told === null) {
        faults.rows += 1;
        continue;
      }
      const path = files.find(row.image, table, row.category);
      if (path === null) faults.images.push(row.image);
      else if (!images.has(path)) {
        const maskPath = row.mask === '' ? null : files.find(row.mask, table, row.category);
        if (told.label === 1 && maskPath === null && row.mask !== '') faults.masks.push(row.mask);
        if (told.split === 'train' && told.label === 1 && maskPath === null) faults.rows += 1;
        else images.set(path, { ...told, maskPath: maskPath === path ? null : maskPath });
      }
    }
  if (images.size === 0) return null;
  const layout = VISA.test(unify(first))
    ? 'visa'
    : /(^|\/)realiad_jsons/i.test(unify(first))
      ? 'real-iad'
      : 'table';
  const whole = { name, layout, notices: noticesOf(faults, name), splitFile: first } as const;
  const divides = [...images.values()].some(({ split }) => split !== null);
  if ([...images.values()].some(isPart)) return { ...whole, images, divides };
  const list = [...images].map(([path, told]) => ({ path, ...told }) as FolderImage);
  list.sort((a, b) => byCodeUnits(a.path, b.path));
  return { ...whole, images: list, ignored: unnamed(files.paths, list, name) };
}

/** Whether folders have to say the rest, or the mask of a normal image whether it is one. */
const isPart = ({ split, label, maskPath }: Told): boolean =>
  split === null || label === null || (label === 0 && maskPath !== null);

/** The last two parts of its path. */
const shortName = (path: string): string => unify(path).split('/').slice(-2).join('/');

/** Listed files by what a table calls them. */
class Files {
  readonly #byPath: ReadonlyMap<string, string>;
  readonly #byName = new Map<string, string[]>();

  constructor(readonly paths: readonly string[]) {
    this.#byPath = new Map(paths.map((path) => [unify(path), path]));
    for (const path of paths) {
      const name = unify(path).split('/').at(-1)!;
      const list = this.#byName.get(name);
      if (list) list.push(path);
      else this.#byName.set(name, [path]);
    }
  }

  /** From the table's folder, or one above it; else the one file whose path ends so, in its class's folder. */
  find(path: string, table: string, category: string): string | null {
    const wanted = unify(path.trim());
    if (wanted === '' || wanted.length > 1024) return null;
    const roots = unify(table).split('/').slice(0, -1);
    for (let depth = roots.length; depth >= 0; depth--) {
      const root = roots.slice(0, depth).join('/');
      const found = this.#byPath.get(root === '' ? wanted : `${root}/${wanted}`);
      if (found !== undefined) return found;
    }
    const namesakes = this.#byName.get(wanted.split('/').at(-1)!) ?? [];
    if (namesakes.length > MOST_NAMESAKES) return null;
    const within = category === '' ? [] : endingWith(namesakes, `${category}/${wanted}`);
    if (within.length === 1) return within[0]!;
    // A path of the machine that the table was written on: its end counts, with the folder at least.
    const parts = wanted.split('/');
    for (let from = 0; from < Math.max(1, parts.length - 1); from++) {
      const found = endingWith(namesakes, parts.slice(from).join('/'));
      if (found.length > 0) return found.length === 1 ? found[0]! : null;
    }
    return null;
  }
}

const MOST_NAMESAKES = 3000;

const endingWith = (paths: readonly string[], end: string): string[] =>
  paths.filter((path) => `/${unify(path)}`.endsWith(`/${end}`));

const wordOf = wordReader();

/**
 * What a row says of its image; null for words that mean nothing.
 * @param saysNormal some row of the table calls its image normal by a word: then other words name what is wrong
 */
function toldBy({ category, split, label, type }: Row, saysNormal: boolean): Omit<Told, 'maskPath'> | null {
  const side = sideOf(split);
  const named = label !== '' && labelOf(label) === null && saysNormal && TYPE_WORD.test(label) ? label : type;
  const known = labelOf(label) ?? (named === '' ? null : (labelOf(named) ?? 1));
  if (side === null && (split !== '' || known === null)) return null;
  if (known === null && label !== '') return null;
  const kind = named !== '' && labelOf(named) === null ? named : (DEFECTS[label.toLowerCase()] ?? DEFECT);
  return { category, split: side, label: known, type: known === 0 ? GOOD : known === 1 ? kind : UNKNOWN };
}

/** No number, and no word for "not known". */
const TYPE_WORD = /^(?!(un(known|labell?ed|sure|clear)|none|n\/?a|null|nan|\?+|-)$).*\p{L}/iu;

/** VisA calls all its defects so. */
const DEFECTS: Record<string, string> = { __proto__: null as never, anomaly: 'anomaly' };

const sideOf = (split: string): Split | null => (split.length > 40 ? null : wordOf(split).split);

function labelOf(label: string): 0 | 1 | null {
  if (/^(0(\.0)?|false)$/i.test(label)) return 0;
  if (/^(1(\.0)?|true)$/i.test(label)) return 1;
  return label.length > 40 ? null : wordOf(label).label;
}

function rowsOf(path: string, text: string): Row[] {
  const name = stemOf(path);
  const cut = text.slice(0, MAX_TABLE_LENGTH);
  const rows = /\.[ct]sv$/i.test(path) ? csvRows(cut) : jsonRows(cut);
  // Files called train and test divide by their names.
  return rows
    .map((row) => (row.split === '' && sideOf(name) !== null ? { ...row, split: name } : row))
    .filter((row) => row.image !== '');
}

/** Rows as texts, columns found by their names in any order; none when the names are not there. */
function csvRows(text: string): Row[] {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: true });
  const names = (data[0] ?? []).map((name) => name.replace(/^\ufeff/, '').trim().toLowerCase()); // prettier-ignore
  const places = NAMES.map(
    (name) => FIELDS[name].map((field) => names.indexOf(field)).find((at) => at >= 0) ?? -1,
  );
  const has = (name: keyof Row) => places[NAMES.indexOf(name)]! >= 0;
  if (!has('image') || !(has('split') || has('label'))) return [];
  return data.slice(1).map((cells) => asRow((name) => cells[places[NAMES.indexOf(name)]!]));
}

const asRow = (field: (name: keyof Row) => unknown): Row =>
  Object.fromEntries(
    NAMES.map((name) => {
      const value = field(name);
      return [name, typeof value === 'string' ? value.trim() : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '']; // prettier-ignore
    }),
  ) as unknown as Row;

type Raw = Record<string, unknown>;
const isObject = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value); // prettier-ignore

/** `{train: [...], test: [...]}`, by class or not, of rows or paths; a list of rows; or a row a line. */
function jsonRows(text: string): Row[] {
  const value = parsed(text);
  if (Array.isArray(value)) return value.flatMap((entry) => jsonRow(entry, '', ''));
  if (!isObject(value))
    return text.split(/\r?\n/, 1_000_000).flatMap((line) => jsonRow(parsed(line), '', ''));
  const [alone] = jsonRow(value, '', '');
  if (alone && alone.image !== '') return [alone];
  const normal = isObject(value['meta']) ? value['meta']['normal_class'] : undefined;
  const rows = Object.entries(value).flatMap(([key, part]) => sideOf(key) === null ? [] : partRows(part, key)); // prettier-ignore
  // Real-IAD names what is normal.
  return rows.map((row) => (row.label === '' && row.type !== '' && row.type === normal ? { ...row, label: 'normal' } : row)); // prettier-ignore
}

function partRows(part: unknown, split: string): Row[] {
  if (Array.isArray(part)) return part.flatMap((entry) => jsonRow(entry, split, ''));
  if (!isObject(part)) return [];
  return Object.entries(part).flatMap(([category, list]) =>
    Array.isArray(list) ? list.flatMap((entry) => jsonRow(entry, split, category)) : [],
  );
}

function jsonRow(entry: unknown, split: string, category: string): Row[] {
  if (typeof entry === 'string')
    return [asRow((name) => ({ image: entry, split, category })[name as 'image'])];
  if (!isObject(entry)) return [];
  const of = (name: keyof Row) => FIELDS[name].filter((field) => Object.hasOwn(entry, field)).map((field) => entry[field])[0]; // prettier-ignore
  const row = asRow(of);
  return [{ ...row, split: row.split || split, category: row.category || category }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function unnamed(paths: readonly string[], images: readonly FolderImage[], table: string): IgnoredFile[] {
  const used = new Set(images.flatMap(({ path, maskPath }) => [path, maskPath]));
  return paths.filter((path) => !used.has(path)).map((path) => ({ path, reason: `not named in ${table}` }));
}

function noticesOf(
  { rows, images, masks }: { rows: number; images: string[]; masks: string[] },
  table: string,
): string[] {
  // prettier-ignore
  const lines: string[] = [];
  if (rows > 0) lines.push(`${counted(rows, 'row')} of ${table} cannot be used: split or label is unknown.`);
  if (images.length > 0) lines.push(`${counted(images.length, 'image')} of ${table} not among the files: ${few(images)}.`); // prettier-ignore
  if (masks.length > 0) lines.push(`${counted(masks.length, 'mask')} of ${table} not among the files: ${few(masks)}.`); // prettier-ignore
  return lines;
}
