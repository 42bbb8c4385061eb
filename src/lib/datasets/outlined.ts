// Which images of a listing the JSON of a whole set (COCO) speaks of, or a text of DAGM.
import { readCoco } from '../formats/outlines/coco';
import { READABLE, unify } from './layouts/names';
import { LABELS_TEXT } from './layouts/splitFiles';

export interface Outlined {
  /** Of the JSON. */
  path: string;
  /** Whether anything is marked on the image. */
  defect: boolean;
  /** Whether its outlines give a mask; boxes alone do not. */
  drawn: boolean;
}

/** By image. An image that could be several of the listing is none: its name says nothing. */
export function outlinedImages(
  paths: readonly string[],
  texts: ReadonlyMap<string, string>,
): { images: Map<string, Outlined>; files: Set<string> } {
  const images = new Map<string, Outlined>();
  const files = new Set<string>();
  let byName: Map<string, string[]> | null = null;
  for (const [path, text] of texts) {
    if (LABELS_TEXT.test(unify(path))) {
      files.add(path);
      for (const image of defectiveIn(text, path, paths))
        if (!images.has(image)) images.set(image, { path, defect: true, drawn: false });
      continue;
    }
    if (!/\.json$/i.test(path)) continue;
    const set = readCoco(text);
    if (!set) continue;
    byName ??= namesOf(paths);
    for (const { file, annotated, drawn } of set.images) {
      const image = nearest(byName.get(nameOf(file)) ?? [], file, path);
      if (image === null) continue;
      files.add(path);
      if (!images.has(image)) images.set(image, { path, defect: annotated, drawn });
    }
  }
  return { images, files };
}

/** Rows of DAGM's Labels.txt: number, 1 for a defect, image in the folder above, 1, file of the label. */
function defectiveIn(text: string, path: string, paths: readonly string[]): string[] {
  const folder = unify(path).split('/').slice(0, -2).map((name) => `${name}/`).join('').toLowerCase(); // prettier-ignore
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
  const named = new Set(rows.flatMap(([, defect, file]) => (defect === '1' && file ? [`${folder}${file.toLowerCase()}`] : []))); // prettier-ignore
  return named.size === 0 ? [] : paths.filter((one) => named.has(unify(one).toLowerCase()));
}

function namesOf(paths: readonly string[]): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    if (!READABLE.test(path)) continue;
    const list = byName.get(nameOf(path));
    if (list) list.push(path);
    else byName.set(nameOf(path), [path]);
  }
  return byName;
}

const nameOf = (path: string): string => unify(path).split('/').at(-1)!;

/** Whether a JSON's name of an image may mean a path. */
export const isFileOf = (file: string, path: string): boolean => {
  const [wanted, here] = [`/${unify(file)}`, `/${unify(path)}`];
  return here.endsWith(wanted) || wanted.endsWith(here) || nameOf(file) === nameOf(path);
};

const MOST_NAMESAKES = 3000;

/** Of the images of one name: the one whose path fits furthest, then the one nearest to the JSON. */
function nearest(namesakes: readonly string[], file: string, json: string): string | null {
  if (namesakes.length <= 1) return namesakes[0] ?? null;
  if (namesakes.length > MOST_NAMESAKES) return null;
  const ending = namesakes.filter((path) => `/${unify(path)}`.endsWith(`/${unify(file)}`));
  const candidates = ending.length > 0 ? ending : namesakes;
  const shared = candidates.map((path) => sharedLength(unify(path).split('/'), unify(json).split('/')));
  const most = Math.max(...shared);
  const near = candidates.filter((_, i) => shared[i] === most);
  const direct = near.filter((path) => unify(path).split('/').length === most + 1);
  const found = near.length === 1 ? near : direct;
  return found.length === 1 ? found[0]! : null;
}

function sharedLength(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length - 1 && length < b.length - 1 && a[length] === b[length]) length += 1;
  return length;
}
