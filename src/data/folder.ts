// Reads a listing of relative paths (a dropped folder, a zip, a directory on disk) and says which file is what.
// Knows the MVTec AD layout, one category or many: [category/]train/good, [category/]test/<type>,
// [category/]ground_truth/<type>/<name>_mask.png; anything else is a heap of loose images. Opens no file.
import { TooManyFiles } from './errors';

export interface FolderImage {
  /** As in the listing. */
  path: string;
  /** What stands before train/ or test/; empty for a folder that holds one category, and for loose images. */
  category: string;
  split: 'train' | 'test';
  /** 0 normal, 1 anomalous, null unknown. */
  label: 0 | 1 | null;
  /** Defect type: the folder's name; `good` for normal images, `unknown` for loose test images. */
  type: string;
  maskPath: string | null;
}

export interface FolderReport {
  layout: 'mvtec' | 'loose' | 'empty';
  /** Sorted by relative path (code units). */
  images: FolderImage[];
  categories: string[];
  /** Files that were left out, each with a reason, sorted by path. */
  ignored: { path: string; reason: string }[];
  /** Sentences for the reader about the set as a whole. */
  notices: string[];
}

export const MAX_ENTRIES = 100_000;
const GOOD = 'good';
const READABLE = /\.(png|jpe?g|webp)$/i;
const OTHER_IMAGE = /\.(bmp|tiff?|gif|heic|heif|avif|jxl|jp2|svg)$/i;
const SYSTEM = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/i;
const PLACE = /^(?:(?<category>.*)\/)?(?<part>train|test|ground_truth)\/(?<type>[^/]+)\/(?<name>[^/]+)$/;
const MASK_SUFFIX = /_mask$/;

/** Where a file stands in the MVTec layout. */
interface Place {
  path: string;
  category: string;
  part: 'train' | 'test' | 'ground_truth';
  type: string;
  /** File name without extension, and for masks without `_mask`. */
  stem: string;
}

/**
 * Recognises a listing.
 * @param paths relative paths, `/` or `\` between folders, in any order
 * @param looseSplit what loose images are: training images (taken as normal) or test images (label unknown)
 * @throws TooManyFiles above 100,000 entries
 */
export function readFolder(paths: readonly string[], looseSplit: 'train' | 'test' = 'train'): FolderReport {
  if (paths.length > MAX_ENTRIES) throw new TooManyFiles(paths.length, MAX_ENTRIES);
  const ignored: FolderReport['ignored'] = [];
  const readable = [...new Set(paths)].sort(byCodeUnits).filter((path) => {
    const reason = whyUnreadable(path);
    if (reason) ignored.push({ path, reason });
    return !reason;
  });
  const report = readable.some((path) => PLACE.test(unify(path)))
    ? setReport(readable, ignored)
    : looseReport(readable, ignored, looseSplit);
  ignored.sort((a, b) => byCodeUnits(a.path, b.path));
  return report;
}

function whyUnreadable(path: string): string | null {
  const unified = unify(path);
  if (SYSTEM.test(unified)) return 'a file of the operating system';
  if (READABLE.test(unified)) return null;
  const other = OTHER_IMAGE.exec(unified)?.[1];
  return other ? `.${other} is not read; convert it to PNG or JPEG` : 'not an image';
}

function placeOf(path: string): Place | null {
  const groups = PLACE.exec(unify(path))?.groups;
  if (!groups) return null;
  const { category = '', type = '', name = '' } = groups;
  const part = groups['part'] as Place['part'];
  const stem = name.replace(READABLE, '');
  return { path, category, part, type, stem: part === 'ground_truth' ? stem.replace(MASK_SUFFIX, '') : stem };
}

/** Windows separators and a leading `./` or `/` mean nothing. */
function unify(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(\.?\/)+/, '');
}

function looseReport(
  paths: string[],
  ignored: FolderReport['ignored'],
  split: 'train' | 'test',
): FolderReport {
  const normal = split === 'train';
  const images = paths.map((path): FolderImage => {
    return {
      path,
      category: '',
      split,
      label: normal ? 0 : null,
      type: normal ? GOOD : 'unknown',
      maskPath: null,
    };
  });
  return { layout: images.length > 0 ? 'loose' : 'empty', images, categories: [], ignored, notices: [] };
}

function setReport(paths: string[], ignored: FolderReport['ignored']): FolderReport {
  const places: Place[] = [];
  for (const path of paths) {
    const place = placeOf(path);
    if (!place) ignored.push({ path, reason: 'outside train/good, test/<type> and ground_truth/<type>' });
    else if (place.part === 'train' && place.type !== GOOD) {
      ignored.push({ path, reason: 'training uses train/good only' });
    } else places.push(place);
  }
  const masks = masksOf(places, ignored);
  const images = places.flatMap((place) => toImage(place, masks));
  const used = new Set(images.map(({ maskPath }) => maskPath));
  for (const { path } of masks.values()) {
    if (!used.has(path)) ignored.push({ path, reason: 'a mask without its image' });
  }
  const categories = [...new Set(images.map(({ category }) => category))];
  return { layout: 'mvtec', images, categories, ignored, notices: noticesOf(images, masks.size > 0) };
}

/** The masks by the image they belong to. */
function masksOf(places: Place[], ignored: FolderReport['ignored']): Map<string, Place> {
  const masks = new Map<string, Place>();
  for (const place of places) {
    if (place.part !== 'ground_truth') continue;
    if (masks.has(keyOf(place)))
      ignored.push({ path: place.path, reason: 'a second mask for the same image' });
    else masks.set(keyOf(place), place);
  }
  return masks;
}

function toImage(place: Place, masks: Map<string, Place>): FolderImage[] {
  const { path, category, part, type } = place;
  if (part === 'ground_truth') return [];
  const maskPath = part === 'test' ? (masks.get(keyOf(place))?.path ?? null) : null;
  return [{ path, category, split: part, label: type === GOOD ? 0 : 1, type, maskPath }];
}

function keyOf({ category, type, stem }: Place): string {
  return `${category}/${type}/${stem}`;
}

function noticesOf(images: FolderImage[], hasMasks: boolean): string[] {
  const notices: string[] = [];
  const unmasked = images.filter(({ label, maskPath }) => label === 1 && maskPath === null);
  if (hasMasks && unmasked.length > 0) {
    notices.push(`${few(unmasked)} without a mask: pixel figures leave them out.`);
  }
  if (!images.some(({ split }) => split === 'train'))
    notices.push('There is no train/good: nothing to train on.');
  return notices;
}

/** The first three paths and how many there are. */
function few(images: FolderImage[]): string {
  const shown = images.slice(0, 3).map(({ path }) => path);
  const more = images.length - shown.length;
  return `${images.length} defect image${images.length === 1 ? '' : 's'} (${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''})`;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
