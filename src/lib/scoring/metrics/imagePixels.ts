// The pixels of one anomaly map, kept so that they can be ranked exactly when the map itself is gone: normal pixels
// by the upper half of their keys, lower halves beside (two bytes a pixel, half of the map), defect pixels whole,
// region by region. Where pixels lay is forgotten; figures are in pixels.ts.
import { SizeMismatch } from './errors';
import { floatBits, keyOf } from './floatKeys';
import { connectedRegions, type RegionMask } from './regions';

/** One anomaly map, row-major, larger = more anomalous. */
export interface ScoreMap {
  width: number;
  height: number;
  values: Float32Array;
}

/** A map and its ground truth; null says that every pixel is normal. */
export interface MaskedMap {
  map: ScoreMap;
  mask: RegionMask | null;
}

/** Keys in buckets of equal upper 16 bits; inside a bucket in no order. */
export interface BucketedKeys {
  /** Upper halves that occur, ascending. */
  prefixes: Uint16Array;
  /** Bucket i is `lows` from starts[i] up to starts[i + 1]. */
  starts: Uint32Array;
  /** Lower halves. */
  lows: Uint16Array;
}

export interface ImagePixels {
  /** Pixels outside the mask. */
  normals: BucketedKeys;
  /** Keys of the pixels inside, one region after the other. */
  defects: Uint32Array;
  /** Pixels of each 8-connected region, in the order of `defects`. */
  regionSizes: number[];
}

export const PREFIXES = 2 ** 16;
const LOW_BITS = 16;
const LOW_MASK = 0xffff;

/**
 * Takes from a map what figures need; nothing of it is held afterwards.
 * @throws NotANumber, SizeMismatch (a mask of another size than its map)
 */
export function imagePixels({ map, mask }: MaskedMap): ImagePixels {
  checkSizes(map, mask);
  const bits = floatBits(map.values, 'An anomaly map');
  const { defects, regionSizes } = mask ? defectKeys(bits, mask) : NO_DEFECTS;
  return { normals: bucketed(bits, mask?.data ?? null), defects, regionSizes };
}

/**
 * Keys of the pixels of a map within each of several masks, which may overlap; masks without pixels are left out.
 * @throws NotANumber, SizeMismatch
 */
export function keysWithin(
  map: ScoreMap,
  masks: readonly RegionMask[],
): Pick<ImagePixels, 'defects' | 'regionSizes'> {
  const bits = floatBits(map.values, 'An anomaly map');
  const keys: number[] = [];
  const regionSizes: number[] = [];
  for (const mask of masks) {
    checkSizes(map, mask);
    const before = keys.length;
    mask.data.forEach((value, i) => value !== 0 && keys.push(keyOf(bits[i]!)));
    if (keys.length > before) regionSizes.push(keys.length - before);
  }
  return { defects: Uint32Array.from(keys), regionSizes };
}

/** Keys of no pixels. */
export const bucketsOfNone = (): BucketedKeys => ({
  ...{ prefixes: new Uint16Array(0), starts: new Uint32Array(1), lows: new Uint16Array(0) },
});

const NO_DEFECTS = { defects: new Uint32Array(0), regionSizes: [] as number[] };

function checkSizes(map: ScoreMap, mask: RegionMask | null): void {
  const pixels = map.width * map.height;
  if (map.values.length !== pixels) throw new SizeMismatch('Values of a map', pixels, map.values.length);
  if (mask && (mask.width !== map.width || mask.height !== map.height)) {
    throw new SizeMismatch('Mask', `${map.width} x ${map.height}`, `${mask.width} x ${mask.height}`);
  }
}

/** Counts the upper halves outside the mask, then puts every lower half into its bucket. */
function bucketed(bits: Uint32Array, mask: Uint8Array | null): BucketedKeys {
  const counts = new Uint32Array(PREFIXES);
  for (let i = 0; i < bits.length; i++) {
    if (mask === null || mask[i] === 0) counts[keyOf(bits[i]!) >>> LOW_BITS]!++;
  }
  const { prefixes, starts, next } = bucketsOf(counts);
  const lows = new Uint16Array(starts.at(-1)!);
  for (let i = 0; i < bits.length; i++) {
    if (mask !== null && mask[i] !== 0) continue;
    const key = keyOf(bits[i]!);
    lows[next[key >>> LOW_BITS]!++] = key & LOW_MASK;
  }
  return { prefixes, starts, lows };
}

/** `next` is `counts` itself, turned into where the next key of each prefix goes. */
function bucketsOf(counts: Uint32Array): { prefixes: Uint16Array; starts: Uint32Array; next: Uint32Array } {
  const prefixes: number[] = [];
  const starts: number[] = [];
  let start = 0;
  for (let prefix = 0; prefix < PREFIXES; prefix++) {
    const count = counts[prefix]!;
    if (count === 0) continue;
    prefixes.push(prefix);
    starts.push(start);
    counts[prefix] = start;
    start += count;
  }
  return { prefixes: Uint16Array.from(prefixes), starts: Uint32Array.from([...starts, start]), next: counts };
}

function defectKeys(bits: Uint32Array, mask: RegionMask): Pick<ImagePixels, 'defects' | 'regionSizes'> {
  const { labels, sizes } = connectedRegions(mask);
  let start = 0;
  const next = Uint32Array.from(sizes, (size) => (start += size) - size);
  const defects = new Uint32Array(start);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const region = labels[pixel]! - 1;
    if (region >= 0) defects[next[region]!++] = keyOf(bits[pixel]!);
  }
  return { defects, regionSizes: sizes };
}
