// Scores sorted into bars. Pure; the drawing is Histogram.tsx.
import type { ImageRecord } from '../images/dataSlice';

/** What a bar is made of, from the bottom up. */
export const SERIES = ['train', 'normal', 'unknown', 'anomalous'] as const;
export type Series = (typeof SERIES)[number];

export interface Bar {
  from: number;
  to: number;
  counts: Record<Series, number>;
  total: number;
}

export const BARS = 24;

export function seriesOf({ split, label }: Pick<ImageRecord, 'split' | 'label'>): Series {
  if (split === 'train') return 'train';
  if (label === null) return 'unknown';
  return label === 1 ? 'anomalous' : 'normal';
}

/** Ends of the score axis: round numbers around all scores; null without scores. */
export function scoreAxis(scores: readonly number[]): [number, number] | null {
  if (scores.length === 0) return null;
  const low = scores.reduce((a, b) => Math.min(a, b));
  const high = scores.reduce((a, b) => Math.max(a, b));
  const unit = 10 ** Math.floor(Math.log10(Math.max(high - low, 1e-6))) / 2;
  const from = Math.floor(low / unit) * unit;
  const to = Math.max(from + unit, Math.ceil(high / unit + 1e-9) * unit);
  return [from, to];
}

/** Bars of equal width over the axis. The last one takes its upper end too. */
export function histogram(
  items: readonly { score: number; series: Series }[],
  [low, high]: readonly [number, number],
  bars = BARS,
): Bar[] {
  const width = (high - low) / bars;
  const result = Array.from({ length: bars }, (_, i): Bar => ({
    from: low + i * width,
    to: low + (i + 1) * width,
    counts: { train: 0, normal: 0, unknown: 0, anomalous: 0 },
    total: 0,
  }));
  for (const { score, series } of items) {
    const bar = result[Math.min(bars - 1, Math.max(0, Math.floor((score - low) / width)))]!;
    bar.counts[series] += 1;
    bar.total += 1;
  }
  return result;
}

/** How many of some scores fall into each bar; those beyond the axis count in the outermost bars. */
export function countIn(
  scores: readonly number[],
  [low, high]: readonly [number, number],
  bars = BARS,
): number[] {
  const counts = new Array<number>(bars).fill(0);
  for (const score of scores) {
    const at = Math.floor((score - low) / ((high - low) / bars));
    counts[Math.min(bars - 1, Math.max(0, at))]! += 1;
  }
  return counts;
}
