// The results of comparisons over a reload: figures, curves and scores, not models. Those of another set of images stay
// away. Reading trusts nothing.
import type { ScoreTable } from '../../engine/api/types';
import { METRIC_NAMES } from '../../lib/scoring/metrics/summary';
import { parseParams } from '../../session/params';
import { readComparison, writeComparison } from '../keeping/database';
import { mayKeep } from '../keeping/storageLock';
import type { ComparedRun } from './compareSlice';
import { getState, patch } from '../shell/store';
import { imagesKey } from './plan';

/** Keeps what the table holds. A full disk or a private window costs the keeping only. */
export async function keepComparison(): Promise<void> {
  const { compare, params } = getState();
  if (!(await mayKeep({ quiet: true }))) return;
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

/** Those that are whole. */
export function readRuns(value: unknown): ComparedRun[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((run: Partial<ComparedRun> | null) => {
    if (typeof run?.name !== 'string' || typeof run.label !== 'string' || typeof run.images !== 'string')
      return [];
    if (!Number.isSafeInteger(run.seed) || !(run.error ? true : isTable(run.table))) return [];
    try {
      return [{ ...(run as ComparedRun), params: parseParams(run.params, 'params') }];
    } catch {
      return [];
    }
  });
}

function isTable(table: Partial<ScoreTable> | null | undefined): boolean {
  const { images, metrics, ranges, perType } = table ?? {};
  const figures =
    metrics && METRIC_NAMES.every((name) => metrics[name] === null || Number.isFinite(metrics[name]));
  return (
    Array.isArray(images) && Boolean(figures) && Array.isArray(ranges?.fused) && typeof perType === 'object'
  );
}
