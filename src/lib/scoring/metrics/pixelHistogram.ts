// The pixels of each image counted in a few hundred bins that all images share: small enough to be added up a
// thousand times, once per bootstrap resample. Bins are narrow where figures are decided; the error against the
// exact figures is known and taken off (bootstrap.ts).
import { PREFIXES, type BucketedKeys, type ImagePixels } from './imagePixels';
import { sortKeys } from './sortKeys';

/** Counts per image and bin; bins ascend. */
export interface PixelHistogram {
  bins: number;
  /** One entry per image; null for an image without pixels. */
  images: (ImageHistogram | null)[];
}

export interface ImageHistogram {
  normals: Float32Array;
  /** Null for an image without defects. */
  positives: Float32Array | null;
  /** Per bin the summed shares of the image's regions that lie in it. */
  shares: Float32Array | null;
}

/** Edges taken from each of three rankings: defect pixels, defect pixels with regions alike, normal pixels. */
const EDGES = { defects: 256, regions: 128, normals: 128 };

/** @returns null without normal or without defect pixels */
export function pixelHistogram(images: readonly (ImagePixels | null)[]): PixelHistogram | null {
  const present = images.flatMap((image) => image ?? []);
  const edges = edgesOf(present);
  if (!edges) return null;
  const firsts = firstEdges(edges);
  const bins = edges.length + 1;
  return {
    bins,
    images: images.map((image) => {
      if (!image) return null;
      const normals = countNormals(image.normals, edges, firsts, bins);
      return { normals, ...countDefects(image, edges, bins) };
    }),
  };
}

/** Ascending, distinct keys; a key belongs to the bin whose number is the count of edges not above it. */
function edgesOf(images: readonly ImagePixels[]): Uint32Array | null {
  const keys = joined(images.map(({ defects }) => defects));
  const byKey = sortKeys({ keys, numbers: Uint32Array.from(keys, (_, i) => i) });
  const shares = sharesOf(images, keys.length);
  const normals = prefixCounts(images);
  const total = normals.reduce((sum, count) => sum + count, 0);
  if (keys.length === 0 || total === 0) return null;
  const edges = [
    ...quantileKeys(
      byKey.keys.length,
      EDGES.defects,
      () => 1,
      (i) => byKey.keys[i]!,
    ),
    ...quantileKeys(
      byKey.keys.length,
      EDGES.regions,
      (i) => shares[byKey.numbers[i]!]!,
      (i) => byKey.keys[i]!,
    ),
    ...quantileKeys(
      PREFIXES,
      EDGES.normals,
      (i) => normals[i]!,
      (i) => i * 2 ** 16,
    ),
  ];
  return Uint32Array.from([...new Set(edges)]).sort();
}

/** Per defect pixel, in the order of the images, what it is of its region. */
function sharesOf(images: readonly ImagePixels[], count: number): Float64Array {
  const shares = new Float64Array(count);
  let filled = 0;
  for (const size of images.flatMap(({ regionSizes }) => regionSizes)) {
    shares.fill(1 / size, filled, (filled += size));
  }
  return shares;
}

/** Keys at `count` equal steps of the summed weight. */
function quantileKeys(
  length: number,
  count: number,
  weightOf: (index: number) => number,
  keyAt: (index: number) => number,
): number[] {
  let total = 0;
  for (let i = 0; i < length; i++) total += weightOf(i);
  const edges: number[] = [];
  let sum = 0;
  for (let i = 0; i < length; i++) {
    if (sum >= (edges.length * total) / count) edges.push(keyAt(i));
    sum += weightOf(i);
  }
  return edges;
}

function prefixCounts(images: readonly ImagePixels[]): Float64Array {
  const counts = new Float64Array(PREFIXES);
  for (const { normals } of images) {
    normals.prefixes.forEach((prefix, i) => (counts[prefix]! += normals.starts[i + 1]! - normals.starts[i]!));
  }
  return counts;
}

/** Per prefix how many edges lie below all its keys; one entry more at the end. */
function firstEdges(edges: Uint32Array): Uint32Array {
  const firsts = new Uint32Array(PREFIXES + 1);
  let edge = 0;
  for (let prefix = 0; prefix <= PREFIXES; prefix++) {
    while (edge < edges.length && edges[edge]! < prefix * 2 ** 16) edge++;
    firsts[prefix] = edge;
  }
  return firsts;
}

/** A bucket without an edge inside is counted whole. */
function countNormals(
  { prefixes, starts, lows }: BucketedKeys,
  edges: Uint32Array,
  firsts: Uint32Array,
  bins: number,
): Float32Array {
  const counts = new Float32Array(bins);
  for (let i = 0; i < prefixes.length; i++) {
    const prefix = prefixes[i]!;
    const [low, high] = [firsts[prefix]!, firsts[prefix + 1]!];
    if (low === high) counts[low]! += starts[i + 1]! - starts[i]!;
    else {
      for (let at = starts[i]!; at < starts[i + 1]!; at++) {
        counts[binOf(prefix * 2 ** 16 + lows[at]!, edges, low, high)]!++;
      }
    }
  }
  return counts;
}

function countDefects({ defects, regionSizes }: ImagePixels, edges: Uint32Array, bins: number) {
  if (regionSizes.length === 0) return { positives: null, shares: null };
  const positives = new Float32Array(bins);
  const shares = new Float32Array(bins);
  let at = 0;
  for (const size of regionSizes) {
    for (const end = at + size; at < end; at++) {
      const bin = binOf(defects[at]!, edges, 0, edges.length);
      positives[bin]!++;
      shares[bin]! += 1 / size;
    }
  }
  return { positives, shares };
}

/** Number of edges not above `key`, known to lie in [low, high]. */
function binOf(key: number, edges: Uint32Array, low: number, high: number): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function joined(lists: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let filled = 0;
  for (const list of lists) {
    all.set(list, filled);
    filled += list.length;
  }
  return all;
}
