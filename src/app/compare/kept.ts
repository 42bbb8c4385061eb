// The results of comparisons over a reload: figures, curves and scores, not models. Those of another set of images stay
// away. Reading trusts nothing.
import * as v from 'valibot';
import { anyObject, count, looseOf, parseOrNull } from '../../lib/formats/schema';
import { ALL_PARAMS, METRICS } from '../../session/schema';
import { readComparison, writeComparison } from '../keeping/database';
import { canWrite } from '../keeping/storageLock';
import type { ComparedRun } from './compareSlice';
import { getState, patch } from '../shell/store';
import { imagesKey } from './plan';

/** Keeps what the table holds. A full disk or a private window costs the keeping only. */
export async function keepComparison(): Promise<void> {
  const { compare, params } = getState();
  if (!(await canWrite({ quiet: true }))) return;
  await writeComparison({ dataset: params.dataset, runs: compare.runs }).catch(() => undefined);
}

/** Brings back the results for the set on screen, when there are none yet. */
export async function restoreComparison(): Promise<void> {
  if (getState().compare.runs.length > 0) return;
  const kept = await readComparison().catch(() => null);
  const { params, data, compare } = getState();
  if (kept?.dataset !== params.dataset || compare.runs.length > 0) return;
  const key = imagesKey(Object.values(data.images));
  const runs = readRuns(kept.runs).filter(({ images }) => images === key);
  if (runs.length > 0) patch('compare', { runs, seed: runs[0]!.seed });
}

const TABLE = looseOf({
  images: v.array(v.unknown()),
  metrics: METRICS,
  ranges: looseOf({ fused: v.array(v.unknown()) }),
  perType: anyObject,
});
const NAMED = { name: v.string(), label: v.string(), seed: count(), images: v.string(), params: ALL_PARAMS };
/** With a table, or with the reason why there is none. */
const RUN = v.union([looseOf({ ...NAMED, table: TABLE }), looseOf({ ...NAMED, error: anyObject })]);

/** Those that are whole. */
export function readRuns(value: unknown): ComparedRun[] {
  if (!Array.isArray(value)) return [];
  const runs = value.map((run) => parseOrNull(RUN, run) as ComparedRun | null);
  return runs.filter((run) => run !== null);
}
