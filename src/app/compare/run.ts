// Runs a comparison: one run after the other through the engine (settings, training, scores), each recorded or recorded
// as failed; then the visitor's own settings and model take their place again, whatever happened.
import { toReport } from '../../lib/errors';
import type { ScoreTable } from '../../engine/api/types';
import { RESAMPLES } from '../../lib/scoring/metrics/bootstrap';
import { auroc } from '../../lib/scoring/metrics/scores';
import { looksAtPixels } from '../../settings/methods';
import { PROGRAM, type PlannedRun } from '../../report/plan';
import { scoringOf } from '../../settings/scoring';
import { configure } from '../shell/feed';
import { complain, notify, say } from '../notices/actions';
import { rescore } from '../scores/actions';
import { engine, eventsIn, isOver } from '../shell/engineLink';
import { ComparisonNeeds } from '../shell/errors';
import { refreshView } from '../stage/liveLoop';
import { imagesOf, isTraining } from '../shell/selectors';
import type { ComparedRun, CompareSlice } from './compareSlice';
import { getState, patch } from '../shell/store';
import { BLOCKS } from './blocks';
import { comparisonBegins, wasCancelled } from './control';
import { keepComparison } from './kept';
import { bringOwnBack, setOwnAside } from './ownModel';
import { answers, plannedRuns, runName } from './plan';
import { ImagesChanged, printsOf, type Prints } from './prints';
import { holdStashed } from './stashed';
import { msg, t } from '../languages/texts';

/** Runs what is chosen and not yet there. Says what is missing when it cannot begin. */
export function runComparison(): Promise<void> {
  const problem = obstacle();
  if (problem) return Promise.resolve(void complain(problem));
  const { compare, params } = getState();
  const planned = plannedRuns(compare.choice, params);
  enqueue(planned);
  return comparisonBegins(async () => {
    const open = await openAmong(planned).catch(complain);
    if (!open || open.length === 0 || stopped()) {
      patch('compare', { status: 'idle', queue: [], at: 0 });
      if (open?.length === 0) say(t('All of these are in the table already.'));
      return;
    }
    enqueue(open);
    await runAll(open);
  });
}

const enqueue = (runs: readonly PlannedRun[]) =>
  patch('compare', {
    status: getState().compare.status === 'paused' ? 'paused' : 'running',
    queue: runs.map(({ label, seed }) => ({ label, seed })),
    at: 0,
    progress: STARTING,
  });

/** Those that are not in the table, or were made of something else. */
async function openAmong(planned: readonly PlannedRun[]): Promise<PlannedRun[]> {
  const { data } = await prints();
  const weights = (await engine()!.features(undefined)).weights ?? '';
  const { runs, stashed } = getState().compare;
  const now = { data, weights, program: PROGRAM };
  return planned.filter((one) => !runs.some((run) => answers(run, one, now) && stashed.includes(run.name)));
}

/** Of the images as they are at this moment. Says how far it is: the first time every file is read. */
function prints(): Promise<Prints> {
  const records = Object.values(getState().data.images);
  return printsOf(records, (done) => {
    if (done % 50 !== 0) return;
    patch('compare', {
      progress: {
        ...STARTING,
        text: t('checking images, {done} of {records}', { done, records: records.length }),
      },
    });
  });
}

const STARTING: CompareSlice['progress'] = {
  text: msg('computing features'),
  fraction: 0,
  secondsLeft: null,
};

function obstacle(): Error | null {
  const state = getState();
  if (state.engine.status !== 'ready')
    return new ComparisonNeeds(t('the computing engine'), t('Wait until it has started.'));
  if (state.compare.status !== 'idle')
    return new ComparisonNeeds(t('the one under way to end'), t('Wait, or cancel it.'));
  if (isTraining(state))
    return new ComparisonNeeds(t('the training to end'), t('Let it finish, or cancel it.'));
  if (!imagesOf(state.data, 'train').some(({ label }) => label !== 1))
    return new ComparisonNeeds(t('normal training images'), t('Add 20 to 50 of them to the training side.'));
  if (imagesOf(state.data, 'test').length === 0)
    return new ComparisonNeeds(
      t('test images'),
      t('Add images to the test side: normal ones and, if you can, defects.'),
    );
  return null;
}

async function runAll(planned: readonly PlannedRun[]): Promise<void> {
  try {
    await setOwnAside(getState());
    for (const [at, run] of planned.entries()) {
      await goneOn();
      if (stopped()) break;
      patch('compare', { at, progress: STARTING });
      record(await runOne(run));
    }
  } catch (error) {
    if (!isOver(error)) throw error;
    notify({
      tone: 'info',
      message: t('The comparison was cut off in run {at} of {planned}: the engine was lost.', {
        at: getState().compare.at + 1,
        planned: planned.length,
      }),
      remedy: t('What is in the table stays. Start the engine again to go on.'),
    });
  } finally {
    await restore();
  }
  await keepComparison();
}

const stopped = () => wasCancelled() || getState().engine.status !== 'ready';

/** Resolves when the comparison is not held. */
async function goneOn(): Promise<void> {
  while (getState().compare.status === 'paused' && !stopped())
    await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Null when it was cancelled. */
async function runOne(planned: PlannedRun): Promise<ComparedRun | null> {
  const { label, seed, params } = planned;
  const made = { images: '', data: '', weights: '', program: PROGRAM };
  const about = { name: runName(planned), label, seed, params, ...made };
  try {
    const now = engine()!;
    Object.assign(about, await prints());
    await now.configure(params);
    about.weights = (await now.features(undefined)).weights ?? '';
    await goneOn();
    if (stopped()) return null;
    const { outcome, seconds } = await now.train(undefined);
    if (outcome === 'cancelled') return null;
    holdStashed(about.name, await now.stashModel(about.name));
    const table = await now.scoreAll({ ...scoringOf(params), resamples: RESAMPLES, curves: true });
    const synthetic = labelled(table) ? null : await syntheticFigure(planned, table);
    if ((await prints()).data !== about.data) throw new ImagesChanged();
    return { ...about, table, seconds, synthetic, error: null };
  } catch (error) {
    if (wasCancelled()) return null;
    // No fault of the method's: it has not failed, it has not run.
    if (isOver(error)) throw error;
    return { ...about, table: null, seconds: null, synthetic: null, error: toReport(error) };
  }
}

const labelled = ({ metrics }: ScoreTable): boolean => metrics.image_auroc !== null;

/** How well pasted blocks are told from the images they were pasted into: a figure that needs no label. */
async function syntheticFigure({ params }: PlannedRun, { images }: ScoreTable): Promise<number | null> {
  const { method, seed } = params;
  if (looksAtPixels(method)) return null;
  const { trials } = await engine()!.pasteBlocks({ ...BLOCKS, seed, ...scoringOf(params) });
  const used = new Set(trials.map(({ image }) => image));
  const normal = images.filter(({ id }) => used.has(id)).map(({ score }) => score);
  const scores = [...normal, ...trials.map(({ score }) => score)];
  return auroc(scores, scores.map((_, i) => (i < normal.length ? 0 : 1))); // prettier-ignore
}

/** Into its place: rows stay in the order in which they first came. */
function record(run: ComparedRun | null): void {
  if (!run) return;
  const { compare } = getState();
  const index = compare.runs.findIndex(({ name }) => name === run.name);
  const runs = index < 0 ? [...compare.runs, run] : compare.runs.with(index, run);
  const stashed = compare.stashed.filter((name) => name !== run.name);
  patch('compare', {
    runs,
    stashed: run.table ? [...stashed, run.name] : stashed,
    seed: compare.seed ?? run.seed,
  });
}

/** The visitor's settings and model take their place again. */
async function restore(): Promise<void> {
  // What the last run told must not be taken for the visitor's own.
  eventsIn();
  patch('compare', { status: 'ending', progress: { ...STARTING, text: t('bringing your model back') } });
  try {
    if (await configure()) await bringOwnBack();
  } catch (error) {
    complain(error);
  }
  eventsIn();
  patch('compare', { status: 'idle', queue: [], at: 0 });
  refreshView();
  if (getState().scores.status === 'stale') void rescore();
}
