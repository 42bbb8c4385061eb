// The scored map of one picture with its score, as numbers: what a camera's frame and a model that was set aside answer.
import { tf } from '../../lib/gpu/tf';
import type { Answer } from '../../lib/scoring/answer';
import { readFiniteScores, withFiniteCheck } from '../../lib/scoring/finiteScores';
import type { MapData, Scoring } from '../api/types';

interface ScoredMap {
  /** [1, height, width]. */
  map: tf.Tensor3D;
  /** As withFiniteCheck() gives it. */
  checked: tf.Tensor2D;
}

/** What of a request says how its maps are scored: settings/scoring.ts has besides what only figures need. */
export const mapScoringOf = ({ smooth, refine, imageScore, imageShare }: Scoring): Scoring => ({
  ...{ smooth, refine, imageScore, imageShare },
});

/** What is to be read of an answer for one image; the answer is given up. */
export function scoredMapOf(found: Answer): ScoredMap {
  return tidyWith(found as Answer & tf.NamedTensorMap, () => {
    return { map: found.scored.clone(), checked: withFiniteCheck(found) } as ScoredMap & tf.NamedTensorMap;
  });
}

/** Reads both and disposes them. @param name of the picture, as the user knows it @throws ScoreNotFinite, GpuFault, DeviceLost */
export async function readScoredMap(
  { map, checked }: ScoredMap,
  name: string,
): Promise<{ map: MapData; score: number }> {
  const [, height, width] = map.shape;
  try {
    const [values, scores] = await Promise.all([map.data<'float32'>(), readFiniteScores(checked, [name])]);
    return { map: { width, height, values: values.slice() }, score: scores[0]!.score };
  } finally {
    tf.dispose([map, checked]);
  }
}

/** A tidy that takes its inputs along, also when it throws. */
export function tidyWith<T extends tf.TensorContainer>(inputs: tf.TensorContainer, work: () => T): T {
  try {
    return tf.tidy(work);
  } finally {
    tf.dispose(inputs);
  }
}
