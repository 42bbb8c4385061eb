// The one sentence that names the layout back to the user, and warnings about the set as a whole.
import { counted, few } from './names';
import type { FolderImage, LayoutName } from './report';

const TITLES: Record<LayoutName, string> = {
  mvtec: 'MVTec AD layout',
  goodsad: 'GoodsAD layout',
  btad: 'BTAD layout',
  'mvtec-loco': 'MVTec LOCO AD layout',
  'mvtec-3d': 'MVTec 3D-AD layout',
  'mvtec-2': 'MVTec AD 2 layout',
  visa: 'VisA layout',
  'real-iad': 'Real-IAD layout',
  ksdd: 'KolektorSDD layout',
  ksdd2: 'KolektorSDD2 layout',
  dagm: 'DAGM layout',
  aitex: 'AITEX layout',
  table: 'As its table says',
  masked: 'Images with masks',
  rules: 'By the rules given',
  split: 'Training and test folders',
  'good-bad': 'Good and bad folders',
  loose: 'Loose images',
  empty: 'No images',
};

/** "MVTec AD layout: 3 classes, 209 training, 83 test images, 41 masks." */
export function summaryOf(
  layout: LayoutName,
  images: readonly FolderImage[],
  categories: readonly string[],
): string {
  if (images.length === 0) return 'There are no images here.';
  const trains = images.filter(({ split }) => split === 'train');
  const anomalous = trains.filter(({ label }) => label === 1).length;
  const masks = images.filter(({ maskPath }) => maskPath !== null).length;
  const validation = images.filter(({ split }) => split === 'validation').length;
  const test = images.length - trains.length - validation;
  const counts = [
    ...(categories.length > 1 ? [`${categories.length.toLocaleString('en')} classes`] : []),
    ...(validation > 0 ? [`${validation.toLocaleString('en')} validation`] : []),
    sides(trains.length, anomalous, test),
    ...(masks > 0 ? [counted(masks, 'mask')] : []),
  ];
  return `${TITLES[layout]}: ${counts.join(', ')}.`;
}

function sides(train: number, anomalous: number, test: number): string {
  const but = anomalous > 0 ? ` (${anomalous.toLocaleString('en')} anomalous)` : '';
  if (test === 0) return `${counted(train, 'training image')}${but || ', taken as normal'}`;
  if (train === 0) return counted(test, 'test image');
  return `${train.toLocaleString('en')} training${but}, ${counted(test, 'test image')}`;
}

/** What the set lacks: normal images to train on, altogether or in single classes. */
export function lacksOf(images: readonly FolderImage[], categories: readonly string[]): string[] {
  if (images.length === 0) return [];
  const normal = images.filter(({ split, label }) => split === 'train' && label !== 1);
  const trained = new Set(normal.map(({ category }) => category));
  if (trained.size === 0) return images.every(({ label }) => label === null) ? [] : [NOTHING_TO_TRAIN_ON];
  const without = categories.filter((category) => !trained.has(category));
  if (without.length === 0) return [];
  const one = without.length === 1;
  return [
    `${counted(without.length, 'class', 'classes')} (${few(without)}) ${one ? 'has' : 'have'} no normal training images: what is normal there is not learned.`,
  ];
}

const NOTHING_TO_TRAIN_ON =
  'There is no train/good or folder of normal images: nothing to train on until you add some.';
