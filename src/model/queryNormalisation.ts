// The abnormal branch's query is normalised per image and channel over its pixels before decoding.
import { tf } from '../gpu/tf';

const EPSILON = 1e-6;

/** (q - mean) / (std + 1e-6), std unbiased: [B, H, W, K] -> the same. */
export function normaliseQuery(query: tf.Tensor4D): tf.Tensor4D {
  const pixels = query.shape[1] * query.shape[2];
  const { mean, variance } = tf.moments(query, [1, 2], true);
  const deviation = variance.mul(pixels / Math.max(1, pixels - 1)).sqrt();
  return query.sub(mean).div(deviation.add(EPSILON));
}
