// Columns of the comparison's table and its figures in words. Pure.
import type { Metrics } from '../../lib/scoring/metrics/summary';
import type { Cell } from '../../report/comparison';
import { percent } from '../../report/ranks';
import type { Topic } from '../help/topics';

export const COLUMNS: readonly { metric: keyof Metrics; title: string; help: Topic }[] = [
  { metric: 'image_auroc', title: 'image AUROC', help: 'imageAuroc' },
  { metric: 'image_ap', title: 'image AP', help: 'averagePrecision' },
  { metric: 'pixel_auroc', title: 'pixel AUROC', help: 'pixelAuroc' },
  { metric: 'pixel_ap', title: 'pixel AP', help: 'averagePrecision' },
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
  if (!cell || value === null) return `${title} undefined`;
  const std = cell.std[metric];
  const interval = cell.intervals?.[metric];
  const paired = cell.paired?.[metric];
  return [
    `${title} ${percent(value)} %`,
    ...(std === null ? [] : [`plus or minus ${percent(std)} over ${cell.seeds.length} seeds`]),
    ...(interval ? [`95 % interval ${percent(interval[0])} to ${percent(interval[1])}`] : []),
    ...(paired
      ? [
          `${points(paired.difference)} points against the first row, ${points(paired.interval[0])} to ${points(paired.interval[1])}`,
        ]
      : []),
  ].join(', ');
}
