// Ranks the defect pixels of many images against all their normal pixels, exactly, in two radix steps: buckets of
// equal upper halves are only counted, and the buckets in which defects lie are opened and their lower halves
// counted. No list of normal pixels is ever put together or sorted.
import { floatsOf } from './floatKeys';
import { PREFIXES, type BucketedKeys, type ImagePixels } from './imagePixels';
import type { Ranking } from './ranking';
import { sortKeys, type KeyedNumbers } from './sortKeys';

/** A ranking of defect pixels that remembers the regions they belong to. */
export interface PixelRanking extends Ranking {
  /** Per positive the number of its region, from 0 over all images. */
  region: Uint32Array;
  /** Pixels of each region. */
  regionSizes: number[];
}

const LOWS = 2 ** 16;
const LOW_MASK = LOWS - 1;
/** Below this many values sorting a bucket costs less than a table of 65,536 counters. */
const SMALL_BUCKET = 2048;

/** Null without normal or without defect pixels: nothing can be ranked then. */
export function rankPixels(images: readonly ImagePixels[]): PixelRanking | null {
  const normals = images.map((image) => image.normals);
  const total = normals.reduce((sum, { lows }) => sum + lows.length, 0);
  const regionSizes = images.flatMap((image) => image.regionSizes);
  if (total === 0 || regionSizes.length === 0) return null;
  const { keys, numbers } = sortKeys(defectsOf(images));
  const { above, atLeast } = standings(keys, normals, total);
  return { positives: floatsOf(keys), above, atLeast, normals: total, region: numbers, regionSizes };
}

/** Per positive its weight in the PRO curve: regions count alike, and so do the pixels of one region. */
export function proWeights({ region, regionSizes }: PixelRanking): Float64Array {
  return Float64Array.from(region, (number) => 1 / (regionSizes[number]! * regionSizes.length));
}

/** All defect keys with the numbers of their regions. */
function defectsOf(images: readonly ImagePixels[]): KeyedNumbers {
  const count = images.reduce((sum, { defects }) => sum + defects.length, 0);
  const all = { keys: new Uint32Array(count), numbers: new Uint32Array(count) };
  let filled = 0;
  let region = 0;
  for (const { defects, regionSizes } of images) {
    all.keys.set(defects, filled);
    for (const size of regionSizes) all.numbers.fill(region++, filled, (filled += size));
  }
  return all;
}

type Standings = Pick<Ranking, 'above' | 'atLeast'>;

/** Walks the ascending keys bucket by bucket. */
function standings(keys: Uint32Array, normals: readonly BucketedKeys[], total: number): Standings {
  const counts = countPrefixes(normals);
  const bucket = new Bucket(normals);
  const result = { above: new Float64Array(keys.length), atLeast: new Float64Array(keys.length) };
  let prefix = 0;
  let notBelow = total;
  for (let start = 0; start < keys.length;) {
    const wanted = keys[start]! >>> 16;
    while (prefix < wanted) notBelow -= counts[prefix++]!;
    let end = start + 1;
    while (end < keys.length && keys[end]! >>> 16 === wanted) end++;
    bucket.rank(wanted, counts[wanted]!, keys, start, end, notBelow, result);
    start = end;
  }
  return result;
}

function countPrefixes(normals: readonly BucketedKeys[]): Float64Array {
  const counts = new Float64Array(PREFIXES);
  for (const { prefixes, starts } of normals) {
    for (let i = 0; i < prefixes.length; i++) counts[prefixes[i]!]! += starts[i + 1]! - starts[i]!;
  }
  return counts;
}

/** Opens one bucket after the other, ascending, over all images at once. */
class Bucket {
  readonly #normals: readonly BucketedKeys[];
  /** Per image the first bucket that is not below the present one. */
  readonly #positions: Uint32Array;
  readonly #table = new Uint32Array(LOWS);

  constructor(normals: readonly BucketedKeys[]) {
    this.#normals = normals;
    this.#positions = new Uint32Array(normals.length);
  }

  /** Standings of keys[start..end), all of this prefix. @param notBelow normals in this bucket and all higher ones */
  rank(
    prefix: number,
    count: number,
    keys: Uint32Array,
    start: number,
    end: number,
    notBelow: number,
    { above, atLeast }: Standings,
  ): void {
    const lows = this.#lowsOf(prefix, count);
    const below = count < SMALL_BUCKET ? seeker(lows) : this.#counter(lows);
    for (let i = start; i < end;) {
      const low = keys[i]! & LOW_MASK;
      const smaller = below(low);
      const smallerOrEqual = below(low + 1);
      for (const key = keys[i]; i < end && keys[i] === key; i++) {
        atLeast[i] = notBelow - smaller;
        above[i] = notBelow - smallerOrEqual;
      }
    }
  }

  #lowsOf(prefix: number, count: number): Uint16Array {
    const gathered = new Uint16Array(count);
    let filled = 0;
    for (let image = 0; image < this.#normals.length; image++) {
      const { prefixes, starts, lows } = this.#normals[image]!;
      let position = this.#positions[image]!;
      while (position < prefixes.length && prefixes[position]! < prefix) position++;
      this.#positions[image] = position;
      if (prefixes[position] !== prefix) continue;
      gathered.set(lows.subarray(starts[position]!, starts[position + 1]!), filled);
      filled += starts[position + 1]! - starts[position]!;
    }
    return gathered;
  }

  /** Number of values below a limit, for limits that ascend from call to call. */
  #counter(lows: Uint16Array): (limit: number) => number {
    const table = this.#table.fill(0);
    for (const low of lows) table[low]!++;
    let at = 0;
    let count = 0;
    return (limit) => {
      while (at < limit) count += table[at++]!;
      return count;
    };
  }
}

/** The same from sorted values. */
function seeker(lows: Uint16Array): (limit: number) => number {
  lows.sort();
  let at = 0;
  return (limit) => {
    while (at < lows.length && lows[at]! < limit) at++;
    return at;
  };
}
