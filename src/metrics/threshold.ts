// Where to draw the line between normal and anomalous images: quantiles and the suggested threshold. Everywhere
// a score ABOVE the line is called anomalous.
import { NotANumber } from './errors';
import { f1Max, scoresOf, type Labels } from './scores';

/**
 * The q-quantile (0 <= q <= 1) with straight lines between ranks (numpy's default). Null for no values.
 * @throws NotANumber
 */
export function quantile(values: ArrayLike<number>, q: number): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  if (Number.isNaN(sorted.at(-1))) throw new NotANumber('The list of scores');
  const position = Math.min(Math.max(q, 0), 1) * (sorted.length - 1);
  const low = Math.floor(position);
  const from = sorted[low]!;
  const to = sorted[Math.min(low + 1, sorted.length - 1)]!;
  // Equal neighbours first: two infinities would give NaN.
  return from === to ? from : from + (to - from) * (position - low);
}

export interface Suggestion {
  value: number;
  source: 'labelled test images' | 'normal images';
}

/**
 * A line for these scores: with both classes, halfway below the score that gives F1-max (so that no score
 * lies on it); with normal images alone, their largest score; null with neither.
 * @throws NotANumber, SizeMismatch
 */
export function suggestThreshold(scores: ArrayLike<number>, labels: Labels): Suggestion | null {
  const best = f1Max(scores, labels);
  if (best) return { value: justBelow(best.threshold, scores, labels), source: 'labelled test images' };
  const largest = scoresOf(scores, labels, 0).at(-1);
  return largest === undefined ? null : { value: largest, source: 'normal images' };
}

/** Halfway from `threshold` to the next lower labelled score; a little below it when there is none. */
function justBelow(threshold: number, scores: ArrayLike<number>, labels: Labels): number {
  let next = -Infinity;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (labels[i] !== null && score < threshold && score > next) next = score;
  }
  return Number.isFinite(next) ? (threshold + next) / 2 : threshold - 1e-6 * Math.max(1, Math.abs(threshold));
}
