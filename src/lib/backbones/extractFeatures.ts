// Second stage: S x S pixels -> feature maps phi, one [1, H, W, C] an image, from a frozen backbone. What the maps
// are divided by or subtracted from (normalisation over the training set) comes later: engine/featureStore.ts keeps
// them raw.
import { projectFeatures } from './features';
import { parseBackboneId } from './hubTable';
import { normalisePixels } from './pixels';
import { embeddingOf } from './plan';
import type { Backbone } from './registry';
import { wholePlan } from './table';
import { patchGrid } from './vit/patches';
import type { RgbImage } from '../images/image';
import { fromProcessor, onProcessor } from '../gpu/processor';
import { tf } from '../gpu/tf';

export interface FeatureShape {
  height: number;
  width: number;
  channels: number;
}

/**
 * Refuses an input size that a backbone does not take, before its weights are here. @throws UnknownBackbone, TooManyTokens
 */
export function inputGrid(id: string, { width, height }: { width: number; height: number }): void {
  const embedding = embeddingOf(wholePlan(parseBackboneId(id).architecture));
  if (embedding) patchGrid(id, embedding, height, width);
}

/** phi's shape for S x S input, or one whose sides differ. @throws TooManyTokens */
export function featureShape(
  backbone: Backbone,
  size: number | { width: number; height: number },
  project: boolean,
): FeatureShape {
  const { width, height } = typeof size === 'number' ? { width: size, height: size } : size;
  const projected = project ? backbone.projection?.shape[1] : undefined;
  return { ...backbone.grid(height, width), channels: projected ?? backbone.channels };
}

/**
 * Feature maps of a batch of equally large images.
 * @param project multiply by the backbone's projection Q, where its file has one
 * @returns one [1, H, W, C] an image, on the current backend; the caller disposes them
 */
export function extractFeatures(
  backbone: Backbone,
  images: readonly RgbImage[],
  project: boolean,
): tf.Tensor4D[] {
  const extract = (): tf.Tensor4D[] =>
    tf.tidy(() => {
      const aligned = backbone.phi(normalisePixels(images, backbone));
      const phi = project && backbone.projection ? projectFeatures(aligned, backbone.projection) : aligned;
      return images.length === 1 ? [phi] : tf.split(phi, images.length, 0);
    });
  return backbone.onProcessor ? fromProcessor(onProcessor(extract)) : extract();
}
