// Third stage: a model's input (phi, or pixels) -> anomaly maps (METHOD section 6) and image scores. GRAD's maps come
// from what its branches rebuild; a baseline answers with one map of its own.
import { distanceMap } from '../kernels/maps/distanceMap';
import { mapExtremes } from '../kernels/maps/mapExtremes';
import type { ScoredMaps } from '../kernels/maps/smoothMap';
import { tf } from '../gpu/tf';
import type { BiGrid, Branches } from '../methods/grad/biGrid';
import { isDetector, type Detector } from '../methods/detector';
import { abnormalScore } from '../methods/grad/stages';

/** Whatever answers an input with a map; `isDetector` tells them apart. */
export type AnomalyModel = BiGrid | Detector;

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

/** All maps of a batch of inputs [B, H, W, C]. The caller disposes them. */
export function anomalyMaps(model: AnomalyModel, input: tf.Tensor4D, options: MapOptions): AnomalyMaps {
  if (!isDetector(model)) return branchMaps(model, input, options);
  return { fused: tf.tidy(() => model.map(input)), normal: null, abnormal: null };
}

/**
 * Image scores [B]: the method's own where it defines them, else the maximum of the enlarged, smoothed map.
 * @param maps of these inputs, @param scored what scoreMaps() made of the fused one
 */
export function imageScores(
  model: AnomalyModel,
  input: tf.Tensor4D,
  maps: AnomalyMaps,
  scored: ScoredMaps,
): tf.Tensor1D {
  return tf.tidy(() => {
    if (isDetector(model) && model.imageScores) return model.imageScores(input, maps.fused);
    return mapExtremes(scored.image).slice([0, 1], [-1, 1]).reshape<tf.Tensor1D>([-1]);
  });
}

function branchMaps(model: BiGrid, phi: tf.Tensor4D, { fusionValue, refine }: MapOptions): AnomalyMaps {
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
