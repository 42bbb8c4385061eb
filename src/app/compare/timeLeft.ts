// How long a comparison will still take, from what its runs took so far. Pure.
import { METHODS } from '../../settings/methods';
import type { CompareSlice } from './compareSlice';

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
