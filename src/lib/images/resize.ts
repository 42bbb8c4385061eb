// Resizing with the same result, to the last bit, as PIL (Pillow): BILINEAR for images, NEAREST for masks, so that
// features computed here equal those of Python code. Source: Pillow's src/libImaging/Resample.c and Geometry.c.
import type { Mask, RgbImage } from './image';

/** Fixed-point weights: 32 bits, less 8 of the pixel and 2 for sums above one, as in Pillow. */
export const PRECISION_BITS = 22;

/** Squashes an image to size x size: triangle filter widened by the scale when shrinking (antialiased). */
export function resizeBilinear(image: RgbImage, size: number): RgbImage {
  return resample(image, size, size);
}

/**
 * The same to any size. Separable: columns first, then rows, each pass rounded to 8 bits.
 * @param width, @param height whole numbers, at least 1
 */
export function resample(image: RgbImage, width: number, height: number): RgbImage {
  return resampleRows(resampleColumns(image, width), height);
}

/** Nearest neighbour to width x height, by PIL's rule: the source pixel under the target pixel's centre. */
export function resizeMask(mask: Mask, width: number, height = width): Mask {
  return pickPixels(mask, nearestIndices(mask.width, width), nearestIndices(mask.height, height));
}

/** The mask made of these columns and rows of another, in this order. */
export function pickPixels(mask: Mask, columns: ArrayLike<number>, rows: ArrayLike<number>): Mask {
  const [width, height] = [columns.length, rows.length];
  const data = new Uint8Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const start = rows[y]! * mask.width;
    for (let x = 0; x < width; x++) data[to++] = mask.data[start + columns[x]!]!;
  }
  return { width, height, data };
}

function nearestIndices(from: number, to: number): Int32Array {
  const scale = from / to;
  const indices = new Int32Array(to);
  // Pillow adds the scale up instead of multiplying; at exact pixel borders the two may round apart.
  for (let i = 0, centre = scale * 0.5; i < to; i++, centre += scale) indices[i] = Math.min(centre, from - 1);
  return indices;
}

/** For each target pixel: its first source pixel, how many count, and their weights, `taps` to a row. */
interface Weights {
  first: Int32Array;
  count: Int32Array;
  taps: number;
  fixed: Int32Array;
}

function triangleWeights(from: number, to: number): Weights {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const taps = Math.ceil(support) * 2 + 1;
  const weights = {
    first: new Int32Array(to),
    count: new Int32Array(to),
    taps,
    fixed: new Int32Array(to * taps),
  };
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const exact: number[] = [];
    for (let x = first; x < end; x++) exact.push(triangle((x - centre + 0.5) * (1 / support)));
    const sum = exact.reduce((a, b) => a + b, 0);
    weights.first[i] = first;
    weights.count[i] = exact.length;
    exact.forEach((w, tap) => (weights.fixed[i * taps + tap] = 0.5 + (w / sum) * 2 ** PRECISION_BITS));
  }
  return weights;
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

function resampleColumns({ width, height, data }: RgbImage, newWidth: number): RgbImage {
  if (width === newWidth) return { width, height, data };
  const weights = triangleWeights(width, newWidth);
  const out = new Uint8ClampedArray(3 * newWidth * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < newWidth; x++, to += 3) {
      accumulate(data, 3 * (y * width + weights.first[x]!), 3, weights, x, out, to);
    }
  }
  return { width: newWidth, height, data: new Uint8Array(out.buffer) };
}

function resampleRows({ width, height, data }: RgbImage, newHeight: number): RgbImage {
  if (height === newHeight) return { width, height, data };
  const weights = triangleWeights(height, newHeight);
  const out = new Uint8ClampedArray(3 * width * newHeight);
  for (let y = 0, to = 0; y < newHeight; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      accumulate(data, 3 * (weights.first[y]! * width + x), 3 * width, weights, y, out, to);
    }
  }
  return { width, height: newHeight, data: new Uint8Array(out.buffer) };
}

/** One target pixel: the weighted sum of source pixels `stride` bytes apart, rounded; `out` clamps to 0..255. */
function accumulate(
  data: Uint8Array,
  from: number,
  stride: number,
  { count, taps, fixed }: Weights,
  index: number,
  out: Uint8ClampedArray,
  to: number,
): void {
  let red = 1 << (PRECISION_BITS - 1);
  let green = red;
  let blue = red;
  const end = index * taps + count[index]!;
  for (let tap = index * taps; tap < end; tap++, from += stride) {
    const weight = fixed[tap]!;
    red += data[from]! * weight;
    green += data[from + 1]! * weight;
    blue += data[from + 2]! * weight;
  }
  out[to] = red >> PRECISION_BITS;
  out[to + 1] = green >> PRECISION_BITS;
  out[to + 2] = blue >> PRECISION_BITS;
}
