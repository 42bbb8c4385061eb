// Columns of the comparison's table, its figures in words, and how long it will still take. Pure.
import type { Metrics } from '../../lib/scoring/metrics/summary';
import type { Cell } from '../../report/comparison';
import { percent } from '../../report/ranks';
import type { Topic } from '../help/topics';
import { METHODS } from '../../settings/methods';
import type { CompareSlice } from './compareSlice';
import { msg, t } from '../languages/texts';

export const COLUMNS: readonly { metric: keyof Metrics; title: string; help: Topic }[] = [
  { metric: 'image_auroc', title: msg('image AUROC'), help: 'imageAuroc' },
  { metric: 'image_ap', title: msg('image AP'), help: 'averagePrecision' },
  { metric: 'pixel_auroc', title: msg('pixel AUROC'), help: 'pixelAuroc' },
  { metric: 'pixel_ap', title: msg('pixel AP'), help: 'averagePrecision' },
  { metric: 'aupro30', title: 'AUPRO', help: 'aupro' },
  { metric: 'image_f1_max', title: 'F1-max', help: 'f1Max' },
];

/** A difference of fractions in percentage points, with its sign. */
export function points(difference: number): string {
  const text = (100 * difference).toFixed(1).replace(/^-(0\.0)$/, '$1');
  return difference > 0 && text !== '0.0' ? `+${text}` : text.replace('-', '−');
}

/** A cell in a sentence: figure, spread over seeds, interval, and how it stands against the first row. */
export function describeCell(title: string, cell: Cell | null, metric: keyof Metrics): string {
  const value = cell?.mean[metric] ?? null;
  if (!cell || value === null) return t('{title} undefined', { title });
  const std = cell.std[metric];
  const interval = cell.intervals?.[metric];
  const paired = cell.paired?.[metric];
  return [
    `${title} ${percent(value)} %`,
    ...(std === null
      ? []
      : [t('plus or minus {std} over {seeds} seeds', { std: percent(std), seeds: cell.seeds.length })]),
    ...(interval
      ? [
          t('95 % interval {interval} to {interval2}', {
            interval: percent(interval[0]),
            interval2: percent(interval[1]),
          }),
        ]
      : []),
    ...(paired
      ? [
          t('{difference} points against the first row, {interval} to {interval2}', {
            difference: points(paired.difference),
            interval: points(paired.interval[0]),
            interval2: points(paired.interval[1]),
          }),
        ]
      : []),
  ].join(', ');
}

type Course = Pick<CompareSlice, 'queue' | 'at' | 'progress' | 'runs'>;

/**
 * Seconds; null until something is known. A run is taken to last as long as those of its own row did, else as the
 * others on average; methods that fit at once say nothing of those that train.
 */
export function timeLeft({ queue, at, progress, runs }: Course): number | null {
  const done = runs.flatMap(({ label, table, seconds }) => {
    return table && seconds !== null
      ? [{ label, total: seconds + (table.msPerImage * table.images.length) / 1000 }]
      : [];
  });
  const estimates = queue.slice(at).map(({ label }) => {
    const own = done.filter((run) => run.label === label);
    return mean(own.length > 0 ? own : done.filter((run) => costOf(run.label) === costOf(label)));
  });
  const [present = null, ...waiting] = estimates;
  if (waiting.some((estimate) => estimate === null)) return null;
  const now = progress.secondsLeft ?? (present === null ? null : present * (1 - progress.fraction));
  return now === null ? null : now + waiting.reduce<number>((sum, estimate) => sum + estimate!, 0);
}

/** Variants of a sweep train as GRAD does. */
const costOf = (label: string) => METHODS.find(({ id }) => id === label)?.cost ?? 'trains';

const mean = (runs: readonly { total: number }[]): number | null =>
  runs.length === 0 ? null : runs.reduce((sum, { total }) => sum + total, 0) / runs.length;
