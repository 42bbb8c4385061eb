// Figures over image scores: AUROC, average precision, F1-max. Pure functions on lists of scores and labels;
// pixels have their own file (pixels.ts).
import { NotANumber, SizeMismatch } from './errors';
import { areaUnderCurve, cuts, rank, stepPrecision, type Ranking } from './ranking';

/** 0 normal, 1 anomalous, null unknown: unknown ones are left out. */
export type Labels = ArrayLike<number | null>;

/**
 * Area under the ROC curve of `scores` (any range, larger = more anomalous), exact with ties (the Mann-Whitney
 * statistic). Null when one class is missing.
 * @throws NotANumber, SizeMismatch
 */
export function auroc(scores: ArrayLike<number>, labels: Labels): number | null {
  const ranking = rankScores(scores, labels);
  return ranking && areaUnderCurve(ranking);
}

/**
 * Average precision by steps, without interpolation (scikit-learn's `average_precision_score`). Null when one
 * class is missing.
 * @throws NotANumber, SizeMismatch
 */
export function averagePrecision(scores: ArrayLike<number>, labels: Labels): number | null {
  const ranking = rankScores(scores, labels);
  return ranking && stepPrecision(ranking);
}

/** The best F1 and the score from which on (`>=`) images are called anomalous to get it. */
export interface BestF1 {
  f1: number;
  threshold: number;
}

/**
 * The largest F1 over all thresholds; of equal ones the highest threshold. Null when one class is missing.
 * @throws NotANumber, SizeMismatch
 */
export function f1Max(scores: ArrayLike<number>, labels: Labels): BestF1 | null {
  const ranking = rankScores(scores, labels);
  if (!ranking) return null;
  let best: BestF1 = { f1: -1, threshold: Infinity };
  for (const { threshold, truePositives, falsePositives } of cuts(ranking)) {
    const f1 = (2 * truePositives) / (ranking.positives.length + truePositives + falsePositives);
    if (f1 > best.f1) best = { f1, threshold };
  }
  return best;
}

/** A ranking of labelled scores; null when one class is missing. @throws NotANumber, SizeMismatch */
export function rankScores(scores: ArrayLike<number>, labels: Labels): Ranking | null {
  if (scores.length !== labels.length) throw new SizeMismatch('Labels', scores.length, labels.length);
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i])) throw new NotANumber('The list of image scores');
  }
  const positives = scoresOf(scores, labels, 1);
  const normals = scoresOf(scores, labels, 0);
  return positives.length > 0 && normals.length > 0 ? rank(positives, [normals]) : null;
}

/** The scores of one class in ascending order. */
export function scoresOf(scores: ArrayLike<number>, labels: Labels, label: 0 | 1): Float64Array {
  return Float64Array.from(Array.from(scores).filter((_, i) => labels[i] === label)).sort();
}
