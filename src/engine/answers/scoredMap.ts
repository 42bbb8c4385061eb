// The scored map of one picture with its score, as numbers: what a camera's frame and a model that was set aside answer.
import { tf } from '../../lib/gpu/tf';
import { answer, type AnsweringModel, type AnswerOptions } from '../../lib/scoring/answer';
import { readFiniteScores, withFiniteCheck } from '../../lib/scoring/finiteScores';
import type { MapData, Scoring } from '../api/types';

interface ScoredMap {
  /** [1, S, S]. */
  map: tf.Tensor3D;
  /** As withFiniteCheck() gives it. */
  checked: tf.Tensor2D;
}

/** What of a request says how its maps are scored. */
export const scoringOf = ({ smooth, refine, imageScore, imageShare }: Scoring): Scoring => ({
  ...{ smooth, refine, imageScore, imageShare },
});

/** @param phi [1, H, W, C]; disposed here */
export function scoredMap(state: AnsweringModel, phi: tf.Tensor4D, how: AnswerOptions): ScoredMap {
  return tidyWith(phi, () => {
    const found = answer(state, phi, how);
    return { map: found.scored, checked: withFiniteCheck(found) } as ScoredMap & tf.NamedTensorMap;
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
