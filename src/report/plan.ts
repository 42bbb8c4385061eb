// The runs of a comparison, in order: classes x columns x seeds. Pure; the command line's shards and the page's queue
// both start from this list.
import type { Params } from '../settings/table';
import { consistent } from '../settings/values';
import type { Variant } from './variants';

/** Which program makes the runs: those of another one answer for other code, and are never taken for this one's. */
export const PROGRAM: string = import.meta.env.GRAD_BUILD;

export interface PlannedRun {
  className: string;
  label: string;
  seed: number;
  params: Params;
}

/** All runs, class by class, so that the features of a class are computed once. */
export const runsOf = (
  base: Params,
  classes: readonly string[],
  variants: readonly Variant[],
  seeds: readonly number[],
): PlannedRun[] =>
  classes.flatMap((className) =>
    variants.flatMap(({ label, changes }) =>
      seeds.map((seed) => ({ className, label, seed, params: consistent({ ...base, ...changes, seed }) })),
    ),
  );
