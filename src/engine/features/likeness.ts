// Finds test images that are training images too: identical ones, and ones that were saved again. Pictures of one scene
// are alike anyhow, so the measure is how much two training images differ. Each image is remembered as a digest of its
// pixels and a small grey picture.
import { spread } from '../../lib/datasets/spread';
import type { RgbImage } from '../../lib/images/image';
import { resample } from '../../lib/images/resize';

export interface Likeness {
  /** FNV-1a over the pixels. */
  digest: number;
  /** SIDE x SIDE, grey. */
  small: Uint8Array;
  /** Mean of `small`. */
  mean: number;
}

const SIDE = 32;
/** Of the usual difference between neighbours among the training images: a copy is nearer. */
const COPY = 0.35;
/** Training images whose nearest neighbour is looked for, to know what is usual. */
const MEASURED = 64;

/** @param image as prepared; its pixels are not kept */
export function likenessOf(image: RgbImage): Likeness {
  let digest = 0x811c9dc5;
  for (const byte of image.data) digest = Math.imul(digest ^ byte, 0x01000193);
  const { data } = resample(image, SIDE, SIDE);
  const small = new Uint8Array(SIDE * SIDE);
  for (let i = 0, from = 0; i < small.length; i++, from += 3)
    small[i] = (data[from]! + data[from + 1]! + data[from + 2]!) / 3;
  return { digest: digest >>> 0, small, mean: small.reduce((sum, value) => sum + value, 0) / small.length };
}

export interface Known {
  name: string;
  likeness: Likeness;
}

/** Names of test images that are among the training images. */
export interface Twins {
  same: string[];
  alike: string[];
}

export function findTwins(test: readonly Known[], train: readonly Known[]): Twins {
  const sorted = [...train].sort((a, b) => a.likeness.mean - b.likeness.mean);
  const digests = new Map(train.map(({ likeness }) => [likeness.digest, likeness.mean]));
  const near = COPY * usualDifference(sorted);
  const twins: Twins = { same: [], alike: [] };
  for (const { name, likeness } of test) {
    if (digests.get(likeness.digest) === likeness.mean) twins.same.push(name);
    else if (nearest(likeness, sorted, near) < near) twins.alike.push(name);
  }
  return twins;
}

/** Median of how much training images differ from their nearest neighbour; 0 where too few are known. */
function usualDifference(sorted: readonly Known[]): number {
  if (sorted.length < 3) return 0;
  const found = spread(sorted, MEASURED)
    .map((image) =>
      nearest(
        image.likeness,
        sorted.filter((other) => other !== image),
        255,
      ),
    ) // prettier-ignore
    .sort((a, b) => a - b);
  return found[found.length >> 1]!;
}

/** Smallest mean difference of a pixel to any of the images; some number from `limit` on where none is below it. */
function nearest({ small, mean }: Likeness, sorted: readonly Known[], limit: number): number {
  let least = limit;
  // Pictures differ at least as much as their means.
  for (let i = firstFrom(sorted, mean - limit); i < sorted.length; i++) {
    const other = sorted[i]!.likeness;
    if (other.mean > mean + least) break;
    least = Math.min(least, difference(small, other.small, least));
  }
  return least;
}

function firstFrom(sorted: readonly Known[], mean: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.likeness.mean < mean) low = middle + 1;
    else high = middle;
  }
  return low;
}

function difference(a: Uint8Array, b: Uint8Array, limit: number): number {
  const most = limit * a.length;
  let sum = 0;
  for (let i = 0; i < a.length && sum < most; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}
