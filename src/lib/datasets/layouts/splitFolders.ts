// Layouts that say train and test: MVTec AD and sets laid out like it. [class/]train/good, [class/]test/<type>, and masks in
// [class/]ground_truth/<type>/<name>_mask.png (MVTec AD, MPDD) or /<name>.png (GoodsAD, BTAD). BTAD says ok and ko.
// Beyond them [class/]train/<type>, anomalous images with a mask: for stage 1 of the supervised variant.
import { categoryOf } from './categories';
import { few, isGood, isTest, isTraining, isTruth, unify, withoutExtension } from './names';
import { GOOD, UNKNOWN, type FolderImage, type IgnoredFile, type LayoutName, type Reading } from './report';

type Part = 'train' | 'test' | 'truth';

/** Where a file stands. */
interface Place {
  path: string;
  category: string;
  part: Part;
  /** Name of the folder below the part; null for files that lie in the part itself. */
  folder: string | null;
  /** Path below that folder, without extension, and for masks without `_mask`. */
  stem: string;
}

const MASK_SUFFIX = /_mask$/i;

/** Whether any file lies in a training or test folder. */
export const hasSplitFolders = (paths: readonly string[]): boolean =>
  paths.some((path) => {
    const part = placeOf(path)?.part;
    return part === 'train' || part === 'test';
  });

/** Reads the files as a set with training and test folders. */
export function readSplitFolders(paths: readonly string[]): Reading {
  const ignored: IgnoredFile[] = [];
  const places = paths.flatMap((path) => placeOrReason(path, ignored));
  const masks = masksOf(places, ignored);
  const owners = ownersOf(places, masks);
  const images = places.flatMap((place) => toImage(place, masks, owners, ignored));
  const used = new Set(images.map(({ maskPath }) => maskPath));
  for (const { path } of masks.values()) {
    if (!used.has(path)) ignored.push({ path, reason: 'a mask without its image' });
  }
  return { layout: layoutOf(places), images, ignored, notices: noticesOf(images, masks.size > 0) };
}

function placeOf(path: string): Place | null {
  const segments = unify(path).split('/');
  const at = segments.findLastIndex((name, i) => i < segments.length - 1 && partOf(name) !== null);
  if (at < 0) return null;
  const part = partOf(segments[at]!)!;
  const below = segments.slice(at + 1);
  const folder = below.length > 1 ? below.shift()! : null;
  const stem = withoutExtension(below.join('/'));
  // MVTec AD 2 keeps its masks within the test folder.
  const end = at > 0 && partOf(segments[at - 1]!) !== null ? at - 1 : at;
  const category = categoryOf(segments.slice(0, end));
  return { path, category, part, folder, stem: part === 'truth' ? stem.replace(MASK_SUFFIX, '') : stem };
}

const partOf = (name: string): Part | null =>
  isTraining(name) ? 'train' : isTest(name) ? 'test' : isTruth(name) ? 'truth' : null;

function placeOrReason(path: string, ignored: IgnoredFile[]): Place[] {
  const place = placeOf(path);
  const reason = place === null ? 'outside train/good, test/<type> and ground_truth/<type>' : null;
  if (reason !== null) ignored.push({ path, reason });
  return place === null ? [] : [place];
}

/** The masks by the image they belong to. */
function masksOf(places: readonly Place[], ignored: IgnoredFile[]): Map<string, Place> {
  const masks = new Map<string, Place>();
  for (const place of places) {
    if (place.part !== 'truth') continue;
    if (masks.has(keyOf(place)))
      ignored.push({ path: place.path, reason: 'a second mask for the same image' });
    else masks.set(keyOf(place), place);
  }
  return masks;
}

const keyOf = ({ category, folder, stem }: Place): string => `${category}/${folder ?? ''}/${stem}`;

/** The image that each mask belongs to: of two of the same type and name, the one on the test side, as published. */
function ownersOf(places: readonly Place[], masks: ReadonlyMap<string, Place>): Map<string, Place> {
  const owners = new Map<string, Place>();
  for (const place of places) {
    const key = keyOf(place);
    if (place.part === 'truth' || !masks.has(key)) continue;
    if (place.part === 'test' || !owners.has(key)) owners.set(key, place);
  }
  return owners;
}

function toImage(
  place: Place,
  masks: ReadonlyMap<string, Place>,
  owners: ReadonlyMap<string, Place>,
  ignored: IgnoredFile[],
): FolderImage[] {
  const { path, category, part, folder } = place;
  if (part === 'truth') return [];
  const { label, type } = labelOf(part, folder);
  const masked = label !== 0 && owners.get(keyOf(place)) === place;
  const maskPath = masked ? masks.get(keyOf(place))!.path : null;
  if (part === 'train' && label === 1 && maskPath === null) {
    ignored.push({ path, reason: WITHOUT_MASK });
    return [];
  }
  return [{ path, category, split: part, label, type, maskPath }];
}

const WITHOUT_MASK = 'training uses normal images, and anomalous ones with a mask of their own';

function labelOf(part: 'train' | 'test', folder: string | null): Pick<FolderImage, 'label' | 'type'> {
  if (folder === null) return part === 'train' ? { label: 0, type: GOOD } : { label: null, type: UNKNOWN };
  return isGood(folder) ? { label: 0, type: GOOD } : { label: 1, type: folder };
}

/** Which of the published layouts it is: they differ in two words only. */
function layoutOf(places: readonly Place[]): LayoutName {
  const masks = places.filter(({ part }) => part === 'truth');
  if (places.some(({ folder }) => folder !== null && /^(ok|ko)$/i.test(folder))) return 'btad';
  if (masks.some(({ path }) => MASK_SUFFIX.test(withoutExtension(path)))) return 'mvtec';
  if (masks.length > 0) return 'goodsad';
  return places.some(({ part, folder }) => part === 'test' && folder !== null) ? 'mvtec' : 'split';
}

function noticesOf(images: readonly FolderImage[], hasMasks: boolean): string[] {
  const unmasked = images.filter(({ label, maskPath }) => label === 1 && maskPath === null);
  if (!hasMasks || unmasked.length === 0) return [];
  const what = `${unmasked.length.toLocaleString('en')} defect image${unmasked.length === 1 ? '' : 's'}`;
  return [
    `${what} (${few(
      unmasked.map(({ path }) => path),
      1,
    )}) without a mask: pixel figures leave them out.`,
  ];
}
