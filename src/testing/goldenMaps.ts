// Feature maps and images of the reference values, which lie as torch has them, in our order.
import { tf } from '../lib/gpu/tf';
import type { Golden } from './golden';

/** Values of a golden [B, C, H, W] in NHWC order. */
export function channelsLast({ shape, data }: Golden): Float32Array {
  const [batch, channels, height, width] = shape as [number, number, number, number];
  const pixels = height * width;
  return Float32Array.from({ length: batch * pixels * channels }, (_, index) => {
    const image = Math.floor(index / (pixels * channels));
    const pixel = Math.floor(index / channels) % pixels;
    return data[(image * channels + (index % channels)) * pixels + pixel]!;
  });
}

/** A golden image as [B, H, W, C]. */
export function imageOf(value: Golden): tf.Tensor4D {
  const [batch, channels, height, width] = value.shape as [number, number, number, number];
  return tf.tensor4d(channelsLast(value), [batch, height, width, channels]);
}
