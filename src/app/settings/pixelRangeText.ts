// The setting `low:high` as two numbers, and back.
import { parseRange } from '../../lib/images/pixelRange';

export type Ends = readonly [low: number, high: number];

/** Null for `auto`, and for what is no range. */
export const endsOf = (text: string | null): Ends | null => (text === null ? null : parseRange(text));

/** The setting with one end as it was typed; what would be no range leaves it as it was. */
export function withEnd([low, high]: Ends, index: 0 | 1, typed: string): string {
  const before = `${low}:${high}`;
  const after = index === 0 ? `${typed}:${high}` : `${low}:${typed}`;
  const end = Number(typed);
  const fits = typed.trim() !== '' && Number.isFinite(end) && (index === 0 ? end < high : end > low);
  return fits ? after : before;
}
