// The published layouts by the marks that tell them, from the one that says most. What they share with all others, their
// words and their masks, is read by the engine; a row here gives the name, and where a set needs them, rules.
import { spread } from '../spread';
import { withoutExtension } from './names';
import type { Place } from './places';
import type { FolderImage, LayoutName } from './report';

export interface KnownFacts {
  places: readonly Place[];
  images: readonly FolderImage[];
  hasSplits: boolean;
  hasLabels: boolean;
  masks: readonly Place[];
  ruled: boolean;
}

const MASK_SUFFIX = /_mask$/i;

interface Known {
  name: LayoutName;
  /** A path that no other layout has. */
  mark: RegExp;
}

const KNOWN: readonly Known[] = [
  {
    name: 'mvtec-loco',
    mark: /(^|[\\/])ground_truth[\\/](logical|structural)_anomalies[\\/][^\\/]+[\\/][^\\/]+$/i,
  },
  { name: 'mvtec-3d', mark: /(^|[\\/])(train|validation|test)[\\/][^\\/]+[\\/](rgb|gt)[\\/][^\\/]+$/i },
  { name: 'mvtec-2', mark: /(^|[\\/])test_private(_mixed)?[\\/]/i },
  { name: 'real-iad', mark: /(^|[\\/])(OK|NG[\\/][^\\/]+)[\\/]S\d+[\\/][^\\/]+$/ },
  { name: 'dagm', mark: /(^|[\\/])(train|test)[\\/]label[\\/][^\\/]+_label\.[a-z]+$/i },
  { name: 'ksdd2', mark: /(^|[\\/])(train|test)[\\/]\d+_GT\.[a-z]+$/i },
  { name: 'ksdd', mark: /(^|[\\/])kos\d+[\\/]part\d+(_label)?\.[a-z]+$/i },
  { name: 'aitex', mark: /(^|[\\/])NODefect_images[\\/]/i },
];

/** Of a larger set some files are enough to name it. */
const ENOUGH = 10_000;

/** Which of the layouts it is. */
export function layoutOf({ places, hasSplits, hasLabels, masks, ruled }: KnownFacts): LayoutName {
  if (ruled) return 'rules';
  const some = spread(places, ENOUGH);
  const known = KNOWN.find(({ mark }) => some.some(({ path }) => mark.test(path)));
  if (known) return known.name;
  if (hasSplits) return splitLayout(places, masks);
  if (hasLabels) return 'good-bad';
  return masks.length > 0 && places.length > masks.length ? 'masked' : 'loose';
}

/** MVTec AD and sets laid out like it differ in two words only. */
function splitLayout(places: readonly Place[], masks: readonly Place[]): LayoutName {
  if (places.some(({ path }) => /(^|[\\/])(ok|ko)[\\/]/i.test(path))) return 'btad';
  if (masks.some(({ path }) => MASK_SUFFIX.test(withoutExtension(path)))) return 'mvtec';
  if (masks.length > 0) return 'goodsad';
  return places.some(({ split, label }) => split === 'test' && label !== null) ? 'mvtec' : 'split';
}
