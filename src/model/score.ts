// From a trained model to anomaly maps at the feature map's size and to scores (METHOD section 6: fusion, refinement,
// score). Upsampling and smoothing are src/kernels/smoothMap.ts.
import { tf } from '../gpu/tf';
import { distanceMap } from '../kernels/distanceMap';
import type { BiGrid, Branches } from './biGrid';
import { abnormalScore } from './stages';

export interface FusedMapOptions {
  /** The paper's refinement. */
  refine: boolean;
  /** w or lambda; by default the trained one. */
  fusionValue?: number;
}

/**
 * The anomaly map of the fused reconstruction: L2 norm over channels of (x_rec - phi), >= 0. A model that has the
 * abnormal grid alone scores by channel 0.
 * @param phi [B, H, W, C]; @param branches of this phi; @returns [B, H, W]
 */
export function fusedMap(
  model: BiGrid,
  phi: tf.Tensor4D,
  branches: Branches,
  { refine, fusionValue }: FusedMapOptions,
): tf.Tensor3D {
  if (!branches.normal) return abnormalMap(branches)!;
  return tf.tidy(() => distanceMap(phi, model.fuse(branches, fusionValue), refine));
}

/** What the normal branch alone misses: L2 norm of (x_n - phi), unrefined, [B, H, W]; null without that branch. */
export function normalMap(phi: tf.Tensor4D, { normal }: Branches): tf.Tensor3D | null {
  return normal && distanceMap(phi, normal, false);
}

/** What the abnormal branch says: channel 0 of x_a, signed, positive where pasted; null without that branch. */
export function abnormalMap({ abnormal }: Branches): tf.Tensor3D | null {
  return abnormal && abnormalScore(abnormal);
}

/** The fused map straight from features. */
export function anomalyMap(model: BiGrid, phi: tf.Tensor4D, options: FusedMapOptions): tf.Tensor3D {
  return tf.tidy(() => fusedMap(model, phi, model.branches(phi), options));
}

/** Image scores: the maximum of each map, [B, S, S] -> [B]. */
export function imageScores(maps: tf.Tensor3D): tf.Tensor1D {
  return tf.max(maps, [1, 2]);
}
