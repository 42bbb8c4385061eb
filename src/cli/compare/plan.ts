// Which runs a comparison has, in which order, and which of them a shard does. Pure: the same request gives the same
// list on every machine, so shards need not talk to each other.
import type { Params } from '../../settings/table';
import { runsOf, type PlannedRun } from '../../report/plan';
import { BadComparison } from './errors';
import { assertDistinct, type Variant } from './variants';

export type { PlannedRun };

/** A part of the runs: number `index` of `count`, from 1. */
export interface Shard {
  index: number;
  count: number;
}

/**
 * All runs, class by class, so that the features of a class are computed once.
 * @throws BadComparison when labels are named twice or would share a file
 */
export function planRuns(
  base: Params,
  classes: readonly string[],
  variants: readonly Variant[],
  seeds: readonly number[],
): PlannedRun[] {
  const labels = variants.map(({ label }) => label);
  assertDistinct('method', labels);
  assertDistinct('file name', [...labels.map(slug), ...classes.map((name) => `class ${slug(name)}`)]);
  return runsOf(base, classes, variants, seeds);
}

/** A name as part of a path on any system. */
export const slug = (name: string): string => name.replace(/[^\p{L}\p{N}.-]+/gu, '_').replace(/^\.+/, '_');

/** Consecutive runs, so that a shard meets few classes; shards differ by at most one run. */
export function shardOf<T>(runs: readonly T[], { index, count }: Shard): T[] {
  const start = Math.floor(((index - 1) * runs.length) / count);
  const end = Math.floor((index * runs.length) / count);
  return runs.slice(start, end);
}

/** `2/5`. @throws BadComparison */
export function readShard(raw: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(raw)?.map(Number) ?? [];
  if (index && count && index <= count) return { index, count };
  throw new BadComparison(
    `"${raw}" is no shard.`,
    'Give its number and how many there are, as in --shard 2/5.',
  );
}
