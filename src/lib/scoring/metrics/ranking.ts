// The arithmetic all curves share: against how many normal values each positive one stands, exact with ties.
// Takes sorted values only; image scores and pixels both end here.

/** Values in ascending order, none of them NaN. */
export type Sorted = Float32Array | Float64Array;

/** Positives and what stands against each of them. */
export interface Ranking {
  /** Ascending. */
  positives: Sorted;
  /** Per positive: how many normals are larger. */
  above: Float64Array;
  /** Per positive: how many normals are larger or equal. */
  atLeast: Float64Array;
  /** How many normals there are. */
  normals: number;
}

/**
 * Ranks positives against normals that lie in several sorted runs (one per image group, so that no run is merged
 * or copied). Both sides ascend, so each search starts where the last one ended.
 */
export function rank(positives: Sorted, runs: readonly Sorted[]): Ranking {
  const above = new Float64Array(positives.length);
  const atLeast = new Float64Array(positives.length);
  for (const run of runs) {
    let position = 0;
    for (let i = 0; i < positives.length; i++) {
      position = seek(run, positives[i]!, position, false);
      atLeast[i]! += run.length - position;
      above[i]! += run.length - seek(run, positives[i]!, position, true);
    }
  }
  return { positives, above, atLeast, normals: runs.reduce((sum, run) => sum + run.length, 0) };
}

/**
 * First index from `start` on whose value is not below `limit`; with `past`, the first above it. Steps double until
 * they overshoot, then a binary search closes in.
 */
function seek(sorted: Sorted, limit: number, start: number, past: boolean): number {
  let low = start;
  let step = 1;
  while (low + step <= sorted.length && isBefore(sorted[low + step - 1]!, limit, past)) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step - 1, sorted.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(sorted[middle]!, limit, past)) low = middle + 1;
    else high = middle;
  }
  return low;
}

const isBefore = (value: number, limit: number, past: boolean) => (past ? value <= limit : value < limit);

/**
 * Area under the curve "share of positives found" over "share of normals falsely found", from 0 to `limit`
 * (0 < limit <= 1), divided by `limit`; straight lines between thresholds, as scikit-learn and MVTec's evaluation
 * do. The curve is a mean of one ramp per positive, so its area is a mean of ramps' areas: no threshold is walked.
 * With limit 1 it is the probability that a positive outranks a normal, ties counting one half.
 */
export function areaUnderCurve({ positives, above, atLeast, normals }: Ranking, limit = 1): number {
  const cut = limit * normals;
  let area = 0;
  for (let i = 0; i < positives.length; i++) area += rampArea(above[i]!, atLeast[i]!, cut);
  return area / (cut * positives.length);
}

/** One positive's curve: 0 up to `start` false alarms, 1 from `end` on, a straight line between (its ties). */
export function rampArea(start: number, end: number, cut: number): number {
  if (cut <= start) return 0;
  if (cut >= end) return cut - (start + end) / 2;
  return (cut - start) ** 2 / (2 * (end - start));
}

/** What calling everything from `threshold` upwards anomalous gives. */
export interface Cut {
  threshold: number;
  truePositives: number;
  falsePositives: number;
  /** Positives that this threshold finds and the next higher one does not. */
  gained: number;
}

/** Visits the distinct scores of the positives, from the highest down: only there do precision curves step up. */
export function* cuts({ positives, atLeast }: Ranking): Generator<Cut> {
  let end = positives.length;
  for (let start = end - 1; start >= 0; start--) {
    const threshold = positives[start]!;
    if (start > 0 && positives[start - 1] === threshold) continue;
    const truePositives = positives.length - start;
    yield { threshold, truePositives, falsePositives: atLeast[start]!, gained: end - start };
    end = start;
  }
}

/** Average precision by scikit-learn's step definition: the sum of (recall gained) x precision. */
export function stepPrecision(ranking: Ranking): number {
  let sum = 0;
  for (const { truePositives, falsePositives, gained } of cuts(ranking)) {
    sum += (gained * truePositives) / (truePositives + falsePositives);
  }
  return sum / ranking.positives.length;
}
