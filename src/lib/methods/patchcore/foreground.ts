// Tells the object from its background by the first principal component of the remembered patches (AnomalyDINO, section
// 3.2). Where the public code has a fixed line, in units of DINOv2's features, the line here is Otsu's between two kinds
// of patches; where there are no two kinds, as on a texture, there is no mask.
import { tf } from '../../gpu/tf';

export interface Foreground {
  /** [C, 1]: along it a patch of the foreground lies above the line. */
  direction: tf.Tensor2D;
  line: number;
}

/** Rounds of the power iteration; the first component of such features stands out. */
const ROUNDS = 60;
/**
 * Share of the variance along the component that lies between the two kinds. Halves of one normal distribution have 0.64, of
 * a uniform one 0.75.
 */
const TWO_KINDS = 0.78;
const BINS = 256;

/**
 * @param patches [M, C] of length one
 * @param onBorder for each of them whether it lies at the image's edge, where the background is
 * @returns null where the patches are of one kind
 */
export async function findForeground(
  patches: tf.Tensor2D,
  onBorder: (patch: number) => boolean,
): Promise<Foreground | null> {
  const component = firstComponent(await covarianceOf(patches), patches.shape[1]);
  const direction = tf.tensor2d(component, [component.length, 1]);
  const along = tf.tidy(() => tf.matMul(patches, direction).reshape<tf.Tensor1D>([-1]));
  const values = await along.data<'float32'>();
  along.dispose();
  const split = otsu(values);
  if (!split || split.share < TWO_KINDS) {
    direction.dispose();
    return null;
  }
  const isHigh = (patch: number) => values[patch]! > split.line;
  const border = shareOf(values.length, isHigh, onBorder);
  const inside = shareOf(values.length, isHigh, (patch) => !onBorder(patch));
  if (border <= inside) return { direction, line: split.line };
  const turned = tf.tidy(() => direction.neg<tf.Tensor2D>());
  direction.dispose();
  return { direction: turned, line: -split.line };
}

/** 1 on the foreground and on the places next to it, else 0. @param patches of maps [B, H, W] @returns [B, H, W] */
export function foregroundMask(
  { direction, line }: Foreground,
  patches: tf.Tensor2D,
  [images, height, width]: readonly [number, number, number],
): tf.Tensor3D {
  return tf.tidy(() => {
    const above = tf.matMul(patches, direction).greater(line).toFloat();
    const map = above.reshape<tf.Tensor4D>([images, height, width, 1]);
    return tf.maxPool(map, 3, 1, 'same').reshape<tf.Tensor3D>([images, height, width]);
  });
}

async function covarianceOf(patches: tf.Tensor2D): Promise<Float32Array> {
  const covariance = tf.tidy(() => {
    const centred = patches.sub<tf.Tensor2D>(patches.mean(0, true));
    return tf.matMul(centred, centred, true).div(patches.shape[0]);
  });
  const values = await covariance.data<'float32'>();
  covariance.dispose();
  return values;
}

/** By power iteration, in double precision. @param covariance [size, size] */
function firstComponent(covariance: Float32Array, size: number): Float32Array {
  // The channel that varies most is never at right angles to the component.
  const variances = Array.from({ length: size }, (_, c) => covariance[c * size + c]!);
  const most = variances.indexOf(Math.max(...variances));
  let vector = Float64Array.from(variances, (value, c) => (c === most ? 1 : 1e-3 * value));
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += covariance[i * size + j]! * vector[j]!;
      next[i] = sum;
    }
    const length = Math.hypot(...next);
    if (length === 0) break;
    vector = next.map((value) => value / length);
  }
  return Float32Array.from(vector);
}

/** The line that leaves most variance between its two sides, and that as a share of the whole; null for a constant. */
function otsu(values: Float32Array): { line: number; share: number } | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (!(high > low)) return null;
  const counts = new Float64Array(BINS);
  const width = (high - low) / BINS;
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((value - low) / width))]!++;
  const mean = counts.reduce((sum, count, bin) => sum + count * bin, 0) / values.length;
  const variance = counts.reduce((sum, count, bin) => sum + count * (bin - mean) ** 2, 0) / values.length;
  let [below, sum, best, from, to] = [0, 0, -1, 0, 0];
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += counts[bin]!;
    sum += counts[bin]! * bin;
    const share = below / values.length;
    if (share === 0 || share === 1) continue;
    const between = (mean * share - sum / values.length) ** 2 / (share * (1 - share));
    // Across a gap all lines are as good: its middle is taken.
    if (between > best) [best, from] = [between, bin];
    if (between === best) to = bin;
  }
  return { line: low + ((from + to) / 2 + 1) * width, share: variance > 0 ? best / variance : 0 };
}

function shareOf(count: number, is: (patch: number) => boolean, among: (patch: number) => boolean): number {
  let [hits, all] = [0, 0];
  for (let patch = 0; patch < count; patch++) {
    if (!among(patch)) continue;
    all++;
    if (is(patch)) hits++;
  }
  return all === 0 ? 0 : hits / all;
}
