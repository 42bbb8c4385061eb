// The abnormal branch's query is normalised per image and channel over its pixels before decoding.
import type { tf } from '../../gpu/tf';
import { instanceNormalise } from '../../kernels/normalise/normalise';

const EPSILON = 1e-6;

/** (q - mean) / (std + 1e-6), std unbiased: [B, H, W, K] -> the same. */
export const normaliseQuery = (query: tf.Tensor4D): tf.Tensor4D => instanceNormalise(query, EPSILON);
