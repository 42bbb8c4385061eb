// What the name of a folder says: split, label, "masks are in here", or nothing. One vocabulary for all layouts; a set
// laid out in other words brings them along (language.ts). Upper and lower case never matter.
import { isBad, isGood } from './names';

export type Split = 'train' | 'validation' | 'test';

/** What a folder's name says; a folder may say two things (`normal_test`). */
export interface Word {
  split: Split | null;
  /** 0 normal, 1 anomalous. */
  label: 0 | 1 | null;
  /** Masks lie here; `sure` where no product would be called that. */
  truth: 'sure' | 'likely' | null;
  /** It only says that images lie here (`images`, `rgb`, `Data`). */
  images: boolean;
}

export const VOCABULARY = {
  train: ['train', 'training', 'trn', 'trainset', 'learn'],
  validation: ['validation', 'validate', 'valid', 'val', 'valset', 'dev', 'holdout', 'calibration'],
  test: ['test', 'testing', 'tst', 'testset', 'eval', 'evaluation', 'inference'],
  normal: [
    ...[
      'good',
      'ok',
      'okay',
      'normal',
      'normals',
      'clean',
      'healthy',
      'intact',
      'perfect',
      'flawless',
      'faultless',
    ],
    ...[
      'pass',
      'passed',
      'accept',
      'accepted',
      'undamaged',
      'nominal',
      'negative',
      'negatives',
      'inlier',
      'inliers',
    ],
    ...['io', 'gut', 'nondefective', 'uncracked'],
  ],
  anomalous: [
    ...[
      'bad',
      'ko',
      'ng',
      'nok',
      'def',
      'defect',
      'defects',
      'defective',
      'anomaly',
      'anomalies',
      'anomalous',
    ],
    ...[
      'abnormal',
      'abnormals',
      'fault',
      'faulty',
      'reject',
      'rejected',
      'fail',
      'failed',
      'failure',
      'ungood',
    ],
    ...[
      'invalid',
      'nio',
      'schlecht',
      'scrap',
      'positive',
      'positives',
      'outlier',
      'outliers',
      'unhealthy',
      'diseased',
    ],
    ...['flawed', 'damaged', 'broken'],
  ],
  truth: [
    ...[
      'groundtruth',
      'groundtruths',
      'gt',
      'gts',
      'mask',
      'masks',
      'label',
      'labels',
      'annotation',
      'annotations',
    ],
    ...['anno', 'annos', 'seg', 'segmentation', 'segmentations', 'segs', 'labelme'],
  ],
  images: [
    ...[
      'images',
      'image',
      'imgs',
      'img',
      'jpegimages',
      'rgb',
      'data',
      'photos',
      'photo',
      'pictures',
      'inputs',
    ],
    ...['input', 'frames', 'raw'],
  ],
} as const satisfies Record<string, readonly string[]>;

/** Words of one kind. */
export type Kind = keyof typeof VOCABULARY;
export type MoreWords = Readonly<Partial<Record<Kind, readonly string[]>>>;

/** Words beside those that count, which change nothing: `test_public`, `masks_png`, `OK images 2`. */
const FILLERS = new Set([
  ...[
    'public',
    'private',
    'mixed',
    'set',
    'sets',
    'dataset',
    'folder',
    'dir',
    'split',
    'samples',
    'sample',
    'only',
  ],
  ...[
    'binary',
    'pixel',
    'png',
    'jpg',
    'bmp',
    'files',
    'and',
    'part',
    'parts',
    'all',
    'front',
    'class',
    'type',
  ],
  ...VOCABULARY.images,
]);

/** `MT_Free`, `defect-free`, `without_defects`, `no crack`. */
const WITHOUT =
  /(^|[-_ ])free$|^(no|non|not|without)[-_ ]?(any[-_ ]?)?(def|anomal|fault|damage|crack|flaw|scratch)/i;
const NOT_GOOD = /^(not|non|un|im|n[-_ .])[-_ ]?(good|ok|normal|healthy|perfect|clean)/i;
const STRONG_TRUTH = /^ground[-_ ]?truths?\b/i;

/** A reader of folder names, with words of a set's own; remembers what it read. */
export function wordReader(more: MoreWords = {}): (folder: string) => Word {
  const kinds = new Map<string, Kind>();
  for (const kind of Object.keys(VOCABULARY) as Kind[])
    for (const word of VOCABULARY[kind]) kinds.set(word, kind);
  // A set's own words go before; whole names count as well as their parts.
  for (const kind of Object.keys(more) as Kind[])
    for (const word of more[kind] ?? []) kinds.set(word.toLowerCase(), kind);
  const known = new Map<string, Word>();
  return (folder) => {
    let word = known.get(folder);
    if (!word) known.set(folder, (word = read(folder, kinds)));
    return word;
  };
}

const NOTHING: Word = { split: null, label: null, truth: null, images: false };

function read(folder: string, kinds: ReadonlyMap<string, Kind>): Word {
  const whole = kinds.get(folder.toLowerCase());
  if (whole) return wordOf(new Set([whole]), folder);
  if (NOT_GOOD.test(folder)) return { ...NOTHING, label: 1 };
  if (WITHOUT.test(folder)) return { ...NOTHING, label: 0 };
  const parts = partsOf(folder);
  const said = parts.map((part) => kinds.get(part));
  const others = parts.filter(
    (part, i) => said[i] === undefined && !FILLERS.has(part) && !/^\d+$/.test(part),
  );
  const found = new Set(said.filter((kind) => kind !== undefined && kind !== 'images'));
  // Every part must be known: "test_tube" is a product, "broken_large" a kind of defect.
  if (others.length === 0 && found.size > 0) return wordOf(found, folder);
  if (isGood(folder)) return { ...NOTHING, label: 0 };
  return isBad(folder) ? { ...NOTHING, label: 1 } : NOTHING;
}

function wordOf(kinds: ReadonlySet<Kind | undefined>, folder: string): Word {
  const splits = (['train', 'validation', 'test'] as const).filter((split) => kinds.has(split));
  const labels = ([['normal', 0], ['anomalous', 1]] as const).filter(([kind]) => kinds.has(kind)); // prettier-ignore
  const truth = kinds.has('truth') || STRONG_TRUTH.test(folder);
  return {
    split: splits.length === 1 ? splits[0]! : null,
    label: labels.length === 1 ? labels[0]![1] : null,
    truth: truth ? (STRONG_TRUTH.test(folder) ? 'sure' : 'likely') : null,
    images: kinds.has('images'),
  };
}

/** `GoodTest_2` as good, test, 2; `ground truth` is one part. */
function partsOf(folder: string): string[] {
  return folder
    .replace(/ground[-_ ]?truth/i, 'groundtruth')
    .split(/[^\p{L}\p{N}]+|(?<=[\p{Ll}])(?=[\p{Lu}\d])/u)
    .filter((part) => part !== '')
    .map((part) => part.toLowerCase());
}
