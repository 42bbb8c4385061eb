// Sums over many rows in a fixed order. tfjs splits a long inner sum over threads that add atomically, so the same
// sum gives other bits at the next call; a batched product over slices of rows does not, and is fast.
import { tf } from '../gpu/tf';

/** Rows a slice aims at: below tfjs's threshold (2000) for splitting, and many slices keep a GPU busy. */
const ROWS_PER_SLICE = 256;

/** Transposed product a^T b: [N, p], [N, q] -> [p, q]. The weight gradient of a linear layer. */
export function sumOfProducts(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const slices = sliceCount(a.shape[0]);
  if (slices === 1) return tf.matMul(a, b, true, false);
  const [slicedA, slicedB] = [a, b].map((x) => x.reshape<tf.Tensor3D>([slices, -1, x.shape[1]!]));
  return tf.matMul(slicedA!, slicedB!, true, false).sum<tf.Tensor2D>(0);
}

/** The smallest number of equal slices with at most ROWS_PER_SLICE rows each. */
function sliceCount(rows: number): number {
  let slices = Math.ceil(rows / ROWS_PER_SLICE);
  while (rows % slices !== 0) slices++;
  return slices;
}
