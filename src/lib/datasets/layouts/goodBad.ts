// Two folders, good and bad, whatever they are called; also one set of them for each class. As nothing says which
// images are for training, a fifth of the normal ones is held back: without normal test images there are no figures.
import { categoryOf, sharedFolders } from './categories';
import { counted, isBad, isGood, isTruth, unify, withoutExtension } from './names';
import { GOOD, type FolderImage, type IgnoredFile, type Reading } from './report';

/** Of five normal images, one is held back for testing. */
const HOLD_BACK = 5;
const MASK_SUFFIX = /_mask$/i;

interface Place {
  path: string;
  category: string;
  folder: string;
  stem: string;
  kind: 'good' | 'bad' | 'truth';
}

/** Whether any file lies in a folder that is called good or bad. */
export const hasGoodBadFolders = (paths: readonly string[]): boolean => placesOf(paths).length > 0;

/** @param side where everything goes when the user dropped it on one side; null to divide it */
export function readGoodBad(paths: readonly string[], side: 'train' | 'test'): Reading {
  const places = placesOf(paths);
  const placed = new Set(places.map(({ path }) => path));
  const ignored: IgnoredFile[] = paths
    .filter((path) => !placed.has(path))
    .map((path) => ({ path, reason: 'outside the folders of good and bad images' }));
  const masks = new Map(
    places.filter(({ kind }) => kind === 'truth').map((mask) => [keyOf(mask), mask.path]),
  );
  const images = divide(
    places.filter(({ kind }) => kind !== 'truth').map((place) => toImage(place, masks)),
    side,
  );
  const used = new Set(images.map(({ maskPath }) => maskPath));
  for (const path of masks.values()) {
    if (!used.has(path)) ignored.push({ path, reason: 'a mask without its image' });
  }
  return { layout: 'good-bad', images, ignored, notices: noticesOf(images) };
}

function placesOf(paths: readonly string[]): Place[] {
  const depth = sharedDepth(paths);
  return paths.flatMap((path) => placeOf(path, depth));
}

/** Folders around everything count for nothing, as a product may be called "masks"; but the last may be the one "good". */
function sharedDepth(paths: readonly string[]): number {
  const folders = new Set(paths.map((path) => unify(path).split('/').slice(0, -1).join('/')));
  return sharedFolders([...folders].map((folder) => folder.split('/')));
}

function placeOf(path: string, depth: number): Place[] {
  const segments = unify(path).split('/');
  const name = segments.pop()!;
  const at = segments.findLastIndex((folder, i) => i >= depth && (isGood(folder) || isBad(folder)));
  if (at < 0) return [];
  const truth = segments.findIndex((folder, i) => i >= depth && isTruth(folder));
  const folder = segments[at]!;
  const above = segments.slice(0, truth < 0 ? at : Math.min(at, truth));
  const stem = withoutExtension([...segments.slice(at + 1), name].join('/'));
  const kind = truth >= 0 ? 'truth' : isGood(folder) ? 'good' : 'bad';
  return [
    {
      path,
      category: categoryOf(above),
      folder,
      stem: kind === 'truth' ? stem.replace(MASK_SUFFIX, '') : stem,
      kind,
    },
  ];
}

const keyOf = ({ category, folder, stem }: Place): string => `${category}/${folder}/${stem}`;

function toImage(place: Place, masks: ReadonlyMap<string, string>): FolderImage {
  const { path, category, folder, kind } = place;
  const label = kind === 'good' ? 0 : 1;
  const maskPath = label === 1 ? (masks.get(keyOf(place)) ?? null) : null;
  return { path, category, split: 'test', label, type: label === 0 ? GOOD : folder, maskPath };
}

/** Normal images train, but for every fifth of a class that has anomalous ones to tell them from. */
function divide(images: readonly FolderImage[], side: 'train' | 'test'): FolderImage[] {
  if (side === 'test') return [...images];
  const withBad = new Set(images.filter(({ label }) => label === 1).map(({ category }) => category));
  const seen = new Map<string, number>();
  return images.map((image) => {
    if (image.label === 1) return image;
    const count = (seen.get(image.category) ?? 0) + 1;
    seen.set(image.category, count);
    const held = withBad.has(image.category) && count % HOLD_BACK === 0;
    return { ...image, split: held ? 'test' : 'train' };
  });
}

function noticesOf(images: readonly FolderImage[]): string[] {
  const trains = images.some(({ split }) => split === 'train');
  const held = images.filter(({ split, label }) => split === 'test' && label === 0).length;
  if (!trains || held === 0) return [];
  return [
    `${counted(held, 'normal image')}, every fifth, ${held === 1 ? 'is' : 'are'} held back for testing; move any image to the other side by hand.`,
  ];
}
