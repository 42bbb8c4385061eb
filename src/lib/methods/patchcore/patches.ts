// PatchCore's patches: what the feature map says about a place and its eight neighbours, and which of all training patches are
// drawn to choose from. Nothing here knows the memory bank.
import { tf } from '../../gpu/tf';
import type { Random } from '../../nn/random';

/**
 * Locally aware patch features (PatchCore, section 3.1, p = 3): the mean over 3 x 3 places. Beyond the border lie zeros that
 * count as places, as in the public code, so border patches are shorter vectors, alike while training and scoring.
 * @param phi [B, H, W, C]
 * @returns [B * H * W, C]
 */
export function locallyAwarePatches(phi: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    // Padded by hand: the library's average pool leaves places beyond the border out of the mean.
    const padded = tf.pad(phi, [[0, 0], [1, 1], [1, 1], [0, 0]]); // prettier-ignore
    return tf.avgPool(padded, 3, 1, 'valid').reshape([-1, phi.shape[3]]);
  });
}

/** Every place by itself, of length one (AnomalyDINO, section 3): [B, H, W, C] -> [B * H * W, C]. Zeros stay zeros. */
export function unitPatches(phi: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const rows = phi.reshape<tf.Tensor2D>([-1, phi.shape[3]]);
    const lengths = rows.square().sum(1, true).sqrt().maximum(SHORTEST);
    return rows.div(lengths);
  });
}

/** Lengths below it count as this much: zeros stay zeros. */
export const SHORTEST = 1e-12;

/** What a method with these distances remembers of a feature map. */
export const patchesFor = (distance: 'euclidean' | 'cosine') =>
  distance === 'cosine' ? unitPatches : locallyAwarePatches;

/** `wanted` of the numbers 0 .. count - 1, drawn at random without repeats, in ascending order. */
export function drawSorted(random: Random, count: number, wanted: number): Uint32Array {
  const drawn = new Uint32Array(wanted);
  let taken = 0;
  // Selection sampling (Knuth, algorithm S): each number goes in with the probability that keeps all sets alike.
  for (let i = 0; taken < wanted; i++) {
    if ((count - i) * random.uniform() < wanted - taken) drawn[taken++] = i;
  }
  return drawn;
}

/** How many patches there are to choose from, and how many are remembered. */
export interface CoresetSizes {
  pool: number;
  coreset: number;
}

/**
 * A percentage of all training patches is remembered, at least one; never more than the limit or the pool (0: no limit, all
 * patches). Where the coreset asks for as many patches as the pool has, all of the pool is kept.
 */
export function coresetSizes(
  patches: number,
  options: { coresetPercent: number; coresetLimit: number; coresetPool: number },
): CoresetSizes {
  const unlessZero = (limit: number) => (limit > 0 ? limit : Infinity);
  const pool = Math.min(patches, unlessZero(options.coresetPool));
  const share = Math.max(1, Math.floor((patches * options.coresetPercent) / 100));
  return { pool, coreset: Math.min(share, unlessZero(options.coresetLimit), pool) };
}
