// Which figures of a row are best and second, as a reader sees them: figures that print alike rank alike.
import type { Metrics } from '../lib/scoring/metrics/summary';
import type { Row } from './comparison';

/** A fraction in percent with one decimal place; `-` where undefined. */
export const percent = (fraction: number | null): string =>
  fraction === null ? '-' : (100 * fraction).toFixed(1);

export type Rank = 'best' | 'second' | null;

/** Rank of each method by one figure. With a single figure in the row nothing is marked. */
export function ranksOf(row: Row, name: keyof Metrics): Record<string, Rank> {
  const shown = Object.entries(row.cells).map(([method, cell]) => {
    const value = cell?.mean[name] ?? null;
    return { method, value: value === null ? null : Number(percent(value)) };
  });
  const values = shown.flatMap(({ value }) => value ?? []);
  const [best, second] = [...new Set(values)].sort((a, b) => b - a);
  const rankOf = (value: number | null): Rank => {
    if (value === null || values.length < 2) return null;
    return value === best ? 'best' : value === second ? 'second' : null;
  };
  return Object.fromEntries(shown.map(({ method, value }) => [method, rankOf(value)]));
}
