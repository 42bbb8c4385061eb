// PatchCore's image score: the largest patch distance, weighed by how crowded the memory bank is around the patch's nearest
// neighbour. A large distance counts in full where that neighbour has others at a like distance, and less where the
// neighbour is itself a rare one.
import { nearestNeighbours } from '../../kernels/search/nearestNeighbours';
import { tf } from '../../gpu/tf';

/** b, the neighbourhood's size, the nearest neighbour included: 9 as in the common public implementations; the paper names none. */
export const NEIGHBOURHOOD = 9;

/**
 * The re-weighted scores (PatchCore, section 3.3, equations 6 and 7): s = (1 - exp(s*) / sum over N_b(m*) of exp|q - m|) s*, where q
 * is the image's patch farthest from the bank, m* its nearest neighbour there at distance s*, and N_b(m*) the b patches of
 * the bank nearest to m*, m* itself among them.
 * @param patches [B * H * W, C]
 * @param distances [B, H, W] of each patch to its nearest neighbour
 * @param bank [C, M]; with a single patch nothing can be weighed, and s = s*
 * @returns [B]
 */
export function reweightedScores(
  patches: tf.Tensor2D,
  distances: tf.Tensor3D,
  bank: tf.Tensor2D,
): tf.Tensor1D {
  return tf.tidy(() => {
    const [images, height, width] = distances.shape;
    const flat = distances.reshape<tf.Tensor2D>([images, height * width]);
    const largest = flat.max<tf.Tensor1D>(1);
    const b = Math.min(NEIGHBOURHOOD, bank.shape[1]);
    if (b === 1) return largest;
    const rows = flat.argMax(1).add(tf.range(0, images, 1, 'int32').mul(height * width));
    const farthest = tf.gather(patches, rows.toInt());
    const nearest = nearestNeighbours(farthest, bank).indices;
    const support = nearestNeighbours(columns(bank, nearest), bank, b).indices;
    const neighbours = columns(bank, support).reshape([images, b, -1]);
    const reaches = neighbours.sub(farthest.expandDims(1)).square().sum(2).sqrt();
    // The softmax of equation 7, which the library computes without overflow; m* comes first.
    const share = tf
      .softmax(reaches as tf.Tensor2D)
      .slice([0, 0], [images, 1])
      .reshape<tf.Tensor1D>([images]);
    return largest.mul(tf.sub(1, share));
  });
}

/** Share of an image's patches whose mean distance is its score (AnomalyDINO, section 3). */
const TOP_SHARE = 0.01;

/** A hundredth of so many patches, at least one. */
export const topCount = (patches: number): number => Math.max(1, Math.floor(TOP_SHARE * patches));

/** The mean of the hundredth of the patches, at least one, that lie farthest. @param distances [B, H, W] @returns [B] */
export function topScores(distances: tf.Tensor3D): tf.Tensor1D {
  return tf.tidy(() => {
    const [images, height, width] = distances.shape;
    const flat = distances.reshape<tf.Tensor2D>([images, -1]);
    return tf.topk(flat, topCount(height * width)).values.mean<tf.Tensor1D>(1);
  });
}

/** Points of the bank [C, M] by their indices, as rows. */
function columns(bank: tf.Tensor2D, indices: tf.Tensor2D): tf.Tensor2D {
  return tf.gather(bank, indices.flatten().toInt(), 1).transpose();
}
