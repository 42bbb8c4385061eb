// What the resamples of a bootstrap say: percentile intervals, means over runs, and paired differences of two methods
// on the same draws. Samples come from bootstrap.ts, or from a file that kept them.
import { METRIC_NAMES, type Metrics } from './summary';
import { quantile } from './threshold';

/** One value per resample; null for a figure that is undefined. */
export type Samples = Record<keyof Metrics, Float32Array | null>;

/** Ends of the interval that holds the middle 95 % of the resamples. */
export type Interval = [low: number, high: number];
export type Intervals = Record<keyof Metrics, Interval | null>;

const LEVEL = 0.95;

/** Percentile intervals. Resamples in which a figure was undefined (no drawn image had a mask) are left out. */
export function intervalsOf(samples: Samples, level = LEVEL): Intervals {
  const tail = (1 - level) / 2;
  return byMetric((name) => {
    const values = samples[name]?.filter((value) => !Number.isNaN(value));
    if (!values || values.length === 0) return null;
    return [quantile(values, tail)!, quantile(values, 1 - tail)!];
  });
}

/** Mean of several runs' samples, resample by resample; each figure over those that have it, as `meanMetrics` does. */
export function meanSamples(list: readonly Samples[]): Samples | null {
  if (list.length === 0) return null;
  return byMetric((name) => {
    const columns = list.flatMap((samples) => samples[name] ?? []);
    const count = columns.length;
    return columns[0]?.map((_, i) => columns.reduce((sum, column) => sum + column[i]!, 0) / count) ?? null;
  });
}

/** How much one method is ahead of another on the same images. */
export interface PairedDifference {
  /** Of the exact figures, second minus first. */
  difference: number;
  interval: Interval;
  /** Share of resamples in which the second was ahead; ties count one half. */
  ahead: number;
}

/**
 * Paired bootstrap of `other` against `base`: samples of the same draws, and the exact figures. Null for a figure that
 * either lacks.
 */
export function compareSamples(
  base: { metrics: Metrics; samples: Samples },
  other: { metrics: Metrics; samples: Samples },
): Record<keyof Metrics, PairedDifference | null> {
  return byMetric((name) => {
    const [from, to] = [base.samples[name], other.samples[name]];
    const [exactFrom, exactTo] = [base.metrics[name], other.metrics[name]];
    if (!from || !to || from.length !== to.length || exactFrom === null || exactTo === null) return null;
    const differences = to.map((value, i) => value - from[i]!).filter((value) => !Number.isNaN(value));
    if (differences.length === 0) return null;
    const ahead = differences.reduce((sum, value) => sum + (value > 0 ? 1 : value === 0 ? 0.5 : 0), 0);
    const tail = (1 - LEVEL) / 2;
    return {
      difference: exactTo - exactFrom,
      interval: [quantile(differences, tail)!, quantile(differences, 1 - tail)!],
      ahead: ahead / differences.length,
    };
  });
}

/** A record with what a function says of each figure. */
export const byMetric = <T>(of: (name: keyof Metrics) => T) =>
  Object.fromEntries(METRIC_NAMES.map((name) => [name, of(name)])) as Record<keyof Metrics, T>;
