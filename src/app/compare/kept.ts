// The results of comparisons over a reload: figures, curves and scores, not models. Reading trusts nothing.
import * as v from 'valibot';
import { anyObject, count, looseOf, parseOrNull, recordOf } from '../../lib/formats/schema';
import { ALL_PARAMS, METRICS } from '../../session/schema';
import { PROGRAM } from '../../report/plan';
import { notify } from '../notices/actions';
import { readComparison, writeComparison } from '../keeping/database';
import { canWrite } from '../keeping/storageLock';
import type { ComparedRun } from './compareSlice';
import { getState, patch } from '../shell/store';
import { knownDigests, printsOf, rememberDigests } from './prints';
import { t } from '../languages/texts';

/** Keeps what the table holds. A full disk or a private window costs the keeping only. */
export async function keepComparison(): Promise<void> {
  const { compare, params, data } = getState();
  if (!(await canWrite({ quiet: true }))) return;
  const digests = knownDigests(data.order);
  await writeComparison({ dataset: params.dataset, runs: compare.runs, digests }).catch(() => undefined);
}

/**
 * Brings back the results for the set on screen, when there are none yet. Those of other images, or of another version of
 * the program, stay away, and that is said.
 */
export async function restoreComparison(): Promise<void> {
  if (getState().compare.runs.length > 0) return;
  const kept = await readComparison().catch(() => null);
  const { params, data } = getState();
  if (kept?.dataset !== params.dataset) return;
  const all = readRuns(kept.runs);
  if (all.length === 0 || data.order.length === 0) return;
  rememberDigests(readDigests(kept.digests));
  const now = await printsOf(Object.values(data.images)).catch(() => null);
  if (!now || getState().compare.runs.length > 0 || getState().params.dataset !== kept.dataset) return;
  const runs = all.filter((run) => run.data === now.data && run.program === PROGRAM);
  if (runs.length > 0) patch('compare', { runs, seed: runs[0]!.seed });
  sayLeftOut(all.length - runs.length, all.some(({ program }) => program !== PROGRAM)); // prettier-ignore
}

function sayLeftOut(count: number, otherProgram: boolean): void {
  if (count === 0) return;
  const made = otherProgram ? t('by another version of this page') : t('of other images, labels or masks');
  notify({
    tone: 'info',
    message: t(
      '{count, plural, one {# run} other {# runs}} of an earlier comparison {count, plural, one {was} other {were}} made {made}, and left out.',
      { count, made },
    ),
    remedy: t('Run the comparison again for today’s figures.'),
    lifetime: READING_MS,
  });
}

const READING_MS = 12_000;

const TABLE = looseOf({
  images: v.array(v.unknown()),
  metrics: METRICS,
  ranges: looseOf({ fused: v.array(v.unknown()) }),
  perType: anyObject,
});
// Absent in runs of before files were looked into.
const MADE_OF = v.optional(v.string(), '');
const NAMED = {
  name: v.string(),
  label: v.string(),
  seed: count(),
  images: v.string(),
  data: MADE_OF,
  weights: MADE_OF,
  program: MADE_OF,
  params: ALL_PARAMS,
};
/** With a table, or with the reason why there is none. */
const RUN = v.union([looseOf({ ...NAMED, table: TABLE }), looseOf({ ...NAMED, error: anyObject })]);

const readDigests = (value: unknown): Record<string, string> =>
  parseOrNull(recordOf(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))), value) ?? {};

/** Those that are whole. */
export function readRuns(value: unknown): ComparedRun[] {
  if (!Array.isArray(value)) return [];
  const runs = value.map((run) => parseOrNull(RUN, run) as ComparedRun | null);
  return runs.filter((run) => run !== null);
}
