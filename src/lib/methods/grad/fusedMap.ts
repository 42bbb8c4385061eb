// The map that GRAD answers with: the distance to what its branches rebuild, refined or not, and how the abnormal branch is
// heard in it besides its share of the sum. Pure tensor algebra.
import { tf } from '../../gpu/tf';
import { distanceMap } from '../../kernels/maps/distanceMap';
import type { BiGrid, Branches } from './biGrid';
import { CONTRASTIVE_MARGIN } from './config';
import type { Standard } from './reading';
import { abnormalScore } from './stages';

export interface MapOptions {
  /** Whether the distance is taken after the refinement. */
  refine: boolean;
  /** w or lambda in place of the trained value. */
  fusionValue?: number | null;
}

/**
 * The map [B, H, W] of phi [B, H, W, C] and what the branches rebuild of it, as the model's config and reading say. The
 * abnormal grid alone answers with its channel 0; the others with a distance.
 */
export function fusedMap(
  model: BiGrid,
  phi: tf.Tensor4D,
  branches: Branches,
  { refine, fusionValue }: MapOptions,
): tf.Tensor3D {
  if (!branches.normal) return abnormalScore(branches.abnormal!);
  const { near, sum } = model.reading;
  const { gate } = model.config;
  return tf.tidy(() => {
    const fused = model.fuse(branches, fusionValue ?? undefined);
    const distance = distanceMap(phi, fused, refine, near);
    if (gate === 'refine' && refine)
      return gated(distanceMap(phi, fused, false), distance, abnormalScore(branches.abnormal!));
    if (gate === 'sum' && sum)
      return standardised(distance, sum.map).add(standardised(abnormalScore(branches.abnormal!), sum.score));
    return distance;
  });
}

/**
 * Nothing is pulled towards the input where the abnormal branch is sure: sim' = sim (1 - g) with
 * g = clamp((s + th) / (2 th), 0, 1). As the refined distance is (1 - sim) |d|, the gated one is g |d| + (1 - g) (1 - sim) |d|.
 */
function gated(plain: tf.Tensor3D, refined: tf.Tensor3D, score: tf.Tensor3D): tf.Tensor3D {
  const gate = score.add(CONTRASTIVE_MARGIN).div(2 * CONTRASTIVE_MARGIN).clipByValue(0, 1); // prettier-ignore
  return refined.add(gate.mul(plain.sub(refined)));
}

const standardised = (map: tf.Tensor3D, { mean, deviation }: Standard): tf.Tensor3D =>
  map.sub(mean).div(deviation);
