// Third stage: phi -> what the branches rebuild -> anomaly maps at feature resolution (METHOD section 6).
import { distanceMap } from '../kernels/distanceMap';
import { tf } from '../gpu/tf';
import type { BiGrid, Branches } from '../model/biGrid';
import { abnormalScore } from '../model/stages';

/** Maps [B, H, W]; null for a branch that the method does not have. */
export interface AnomalyMaps {
  /** The method's answer: its image score and pixel figures come from this one. */
  fused: tf.Tensor3D;
  /** L2 norm over channels of (x_n - phi), unrefined. */
  normal: tf.Tensor3D | null;
  /** Channel 0 of x_a, signed: positive means "looks pasted". */
  abnormal: tf.Tensor3D | null;
}

export interface MapOptions {
  /** w or lambda; null for the trained value. */
  fusionValue: number | null;
  refine: boolean;
}

/** All maps of a batch phi [B, H, W, C]. The caller disposes them. */
export function anomalyMaps(
  model: BiGrid,
  phi: tf.Tensor4D,
  { fusionValue, refine }: MapOptions,
): AnomalyMaps {
  return tf.tidy(() => {
    const branches = model.branches(phi);
    const normal = branches.normal && distanceMap(phi, branches.normal, false);
    const abnormal = branches.abnormal && abnormalScore(branches.abnormal);
    const fused = fusedMap(model, phi, branches, { fusionValue, refine });
    // A named map of tensors and nulls: tidy keeps the tensors and passes over the nulls.
    return { fused, normal, abnormal } as AnomalyMaps & tf.NamedTensorMap;
  });
}

/** The abnormal grid alone answers with its channel 0 (METHOD section 6); every other method with a distance. */
function fusedMap(model: BiGrid, phi: tf.Tensor4D, branches: Branches, options: MapOptions): tf.Tensor3D {
  if (!branches.normal) return abnormalScore(branches.abnormal!);
  return distanceMap(phi, model.fuse(branches, options.fusionValue ?? undefined), options.refine);
}
