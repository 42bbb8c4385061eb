// Where to draw the line between normal and anomalous images: every source of a threshold, each as a pure function; the one
// from pasted anomalies has its own file (syntheticThreshold.ts).
// Everywhere a score ABOVE the line is called anomalous. A threshold is kept apart from scores: moving it changes none.
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

/** Where a threshold may come from, in words for the reader; files keep them as they stand. */
export const THRESHOLD_SOURCES = [
  'labelled test images',
  'normal images',
  'references left out in turn',
  'quantile of normal images',
  'synthetic anomalies',
  'set by hand',
] as const;

export interface Threshold {
  /** Finite, in units of the scores. */
  value: number;
  source: (typeof THRESHOLD_SOURCES)[number];
  /** How it does on the scores that it was drawn from; absent where labels or a hand drew it. Files of a session leave it out. */
  evidence?: Evidence;
}

/** What a line makes of the scores it was drawn from. */
export interface Evidence {
  /** Normal images that were looked at, and how many of them lie above the line. */
  normals: number;
  flagged: number;
  /** Between which shares the false alarms of further normal images lie, with 95 % confidence (Clopper-Pearson). */
  falseAlarms: [number, number];
  /** Pasted anomalies that were looked at, and how many of them lie above the line; absent when none were pasted. */
  pasted?: number;
  found?: number;
}

/**
 * A line for these scores: with both classes, halfway below the score that gives F1-max (so that no score
 * lies on it); with normal images alone, their largest score; null with neither.
 * @throws NotANumber, SizeMismatch
 */
export function suggestThreshold(scores: ArrayLike<number>, labels: Labels): Threshold | null {
  const value = bestLine(scores, labels);
  if (value !== null) return { value, source: 'labelled test images' };
  const largest = scoresOf(scores, labels, 0).at(-1);
  return largest === undefined ? null : { value: largest, source: 'normal images' };
}

/**
 * The line that leaves the share 1 - q of these normal images above it. They should be held out: scores of images
 * that were trained on are too low, and so is their quantile. Null for no scores.
 * @param q in [0, 1]
 * @throws NotANumber also for infinite scores at that place
 */
export function quantileThreshold(normalScores: ArrayLike<number>, q: number): Threshold | null {
  const value = quantile(normalScores, q);
  return value === null ? null : checked({ value, source: 'quantile of normal images' });
}

/** A line that a person drew. @throws NotANumber for anything but a finite number */
export const thresholdByHand = (value: number): Threshold => checked({ value, source: 'set by hand' });

function checked(threshold: Threshold): Threshold {
  if (!Number.isFinite(threshold.value)) throw new NotANumber('The threshold');
  return threshold;
}

/** Halfway below the score that gives F1-max; null when a class is missing. */
function bestLine(scores: ArrayLike<number>, labels: Labels): number | null {
  const best = f1Max(scores, labels);
  return best && justBelow(best.threshold, scores, labels);
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
