// The second stage of a method that looks at the image itself: S x S pixels -> RGB in 0..1. No backbone, no projection.
import { normalisePixels, type Pixels } from './pixels';
import type { tf } from '../gpu/tf';

const UNCHANGED = { mean: [0, 0, 0], std: [1, 1, 1] } as const;

/** @returns one [1, S, S, 3] an image, values in 0..1; the caller disposes them */
export function pixelMaps(images: readonly Pixels[]): tf.Tensor4D[] {
  return images.map((image) => normalisePixels([image], UNCHANGED));
}
