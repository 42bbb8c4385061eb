// A comparison as JSON with the key style of `evaluate`'s, and JSON text whose lists of numbers stay on one line: a
// thousand resamples are data to keep, not to scroll through.
import { byMetric } from '../lib/scoring/metrics/samples';
import { DETAIL_NAMES, type Comparison, type Row } from './comparison';

export const COMPARISON_SCHEMA = 1;

/** The document of `table.json`: fractions, null where undefined. */
export function comparisonJson({ classes, methods, seeds, rows, mean, missing }: Comparison) {
  return {
    schema: COMPARISON_SCHEMA,
    baseline: methods[0] ?? null,
    classes,
    methods,
    seeds,
    per_class: Object.fromEntries(rows.map((row) => [row.className, cellsOf(row)])),
    mean: mean && cellsOf(mean),
    missing: missing.map(({ className, method, seed }) => ({ class: className, method, seed })),
  };
}

function cellsOf({ cells }: Row) {
  const entries = Object.entries(cells).map(([method, cell]) => {
    if (!cell) return [method, null] as const;
    const figures = byMetric((name) => ({
      mean: cell.mean[name],
      std: cell.std[name],
      classes: cell.classes[name],
      interval: cell.intervals?.[name] ?? null,
      paired: cell.paired?.[name] ?? null,
    }));
    const { detail } = cell;
    const beside = DETAIL_NAMES.map((name) => [name, { mean: detail?.mean[name], std: detail?.std[name] }]);
    return [method, { seeds: cell.seeds, ...figures, ...(detail && Object.fromEntries(beside)) }] as const;
  });
  return Object.fromEntries(entries);
}

/** Indented JSON with lists of plain numbers on one line each, and a line break at the end. */
export function prettyJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(/\[\s+[-+\d.eE,\snul]+\]/g, (list) => list.replace(/\s+/g, ' '))}\n`;
}
