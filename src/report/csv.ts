// Scores and comparisons as CSV (RFC 4180, fractions, empty where undefined). Cells that a spreadsheet would run as a
// formula are quoted as text.
import Papa from 'papaparse';
import { METRIC_NAMES } from '../lib/scoring/metrics/summary';
import type { Threshold } from '../lib/scoring/metrics/threshold';
import { DETAIL_NAMES, type Comparison, type Row } from './comparison';

/** One scored image. */
export interface ScoredImage {
  path: string;
  type: string;
  /** 0 normal, 1 anomalous, null unknown. */
  label: 0 | 1 | null;
  score: number;
}

const write = (fields: string[], data: unknown[][]) =>
  `${Papa.unparse({ fields, data }, { escapeFormulae: true, newline: '\n' })}\n`;

/** Raw scores by image; with a threshold one column more says what it decides, the scores stay as they are. */
export function scoresCsv(images: readonly ScoredImage[], threshold: Threshold | null = null): string {
  const fields = ['path', 'type', 'label', 'score', ...(threshold ? ['anomalous'] : [])];
  const rows = images.map(({ path, type, label, score }) => [
    path,
    type,
    label,
    score,
    ...(threshold ? [Number(score > threshold.value)] : []),
  ]);
  return write(fields, rows);
}

const COMPARISON_FIELDS = [
  ...['class', 'method', 'metric', 'mean', 'std', 'low95', 'high95', 'seeds'],
  ...['difference', 'difference_low95', 'difference_high95', 'ahead', 'classes'],
];

/** One line per class, method and figure; differences are from the first method. */
export function comparisonCsv({ rows, mean, methods }: Comparison): string {
  const all = mean ? [...rows, mean] : rows;
  return write(
    COMPARISON_FIELDS,
    all.flatMap((row) => methods.flatMap((method) => linesOf(row, method))),
  );
}

function linesOf({ className, cells }: Row, method: string): unknown[][] {
  const cell = cells[method];
  if (!cell) return [];
  const seeds = cell.seeds.join(' ');
  const { detail } = cell;
  const beside = detail
    ? DETAIL_NAMES.map((name) => [className, method, name, detail.mean[name], detail.std[name], null, null, seeds, null, null, null, null, null]) // prettier-ignore
    : [];
  const figures = METRIC_NAMES.map((name) => {
    const [low, high] = cell.intervals?.[name] ?? [null, null];
    const paired = cell.paired?.[name] ?? null;
    return [
      ...[className, method, name, cell.mean[name], cell.std[name], low, high, seeds],
      ...[paired?.difference, paired?.interval[0], paired?.interval[1], paired?.ahead, cell.classes[name]],
    ];
  });
  return [...figures, ...beside];
}
