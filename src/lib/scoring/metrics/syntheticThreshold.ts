// The line between normal images and the same with anomalies pasted in. The pasted ones are many and the normal ones few, so
// both sides weigh alike, and the share of normal images above a line is not counted among the few that are there (the
// highest of eight is passed by every ninth image) but predicted for the next one.
import { shareInterval, studentTail } from './beta';
import { NotANumber } from './errors';
import type { Evidence, Threshold } from './threshold';

/** Of the normal images there are, no more than this share may lie above the line: none of fewer than twenty. */
export const FALSE_ALARMS_ALLOWED = 0.05;

/**
 * The line at which predicted false alarms and missed anomalies together are fewest. The chance of a false alarm is that of
 * one more normal image, by Student's t of the scores' mean, spread and number; the share of missed anomalies is counted.
 * Among two anomalies that are neighbours the line lies halfway. Null when either list is empty.
 * @param normalScores of normal images that were not trained on: scores of training images are too low
 * @param syntheticScores of images with an anomaly that can be seen at all (any that cannot shift no line, but they spoil
 * the recall)
 * @throws NotANumber also for infinite scores
 */
export function syntheticThreshold(
  normalScores: ArrayLike<number>,
  syntheticScores: ArrayLike<number>,
): Threshold | null {
  const normals = sorted(normalScores);
  const pasted = sorted(syntheticScores);
  if (normals.length === 0 || pasted.length === 0) return null;
  const value = fewestErrors(normals, pasted);
  return { value, source: 'synthetic anomalies', evidence: evidenceOf(value, normals, pasted) };
}

function sorted(scores: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(scores);
  if (!values.every(Number.isFinite)) throw new NotANumber('The list of scores');
  return values.sort();
}

function fewestErrors(normals: Float64Array, pasted: Float64Array): number {
  const falseAlarms = predictedTail(normals);
  const allowed = Math.floor(FALSE_ALARMS_ALLOWED * normals.length);
  const lowest = normals[normals.length - 1 - allowed]!;
  let best = { value: lowest, errors: Infinity };
  let below = lowest;
  for (let i = 0; i < pasted.length; i++) {
    const score = pasted[i]!;
    if (score <= below) continue;
    // All of the first i are missed here.
    const value = (below + score) / 2;
    const errors = falseAlarms(value) + i / pasted.length;
    if (errors < best.errors) best = { value, errors };
    below = score;
  }
  return best.value;
}

/** Chance that one more score of the same kind lies above a value; a step where there is no spread to go by. */
function predictedTail(scores: Float64Array): (value: number) => number {
  const count = scores.length;
  const mean = scores.reduce((sum, score) => sum + score, 0) / count;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const spread = count > 1 ? Math.sqrt((squares / (count - 1)) * (1 + 1 / count)) : 0;
  return (value) => (spread > 0 ? studentTail((value - mean) / spread, count - 1) : Number(value < mean));
}

/** What a line makes of scores. @param normals at least one score */
export function evidenceOf(
  value: number,
  normals: ArrayLike<number>,
  pasted: ArrayLike<number> | null = null,
): Evidence {
  const above = (scores: ArrayLike<number>) => Array.from(scores).filter((score) => score > value).length;
  const flagged = above(normals);
  return {
    ...{ normals: normals.length, flagged, falseAlarms: shareInterval(flagged, normals.length) },
    ...(pasted && { pasted: pasted.length, found: above(pasted) }),
  };
}
