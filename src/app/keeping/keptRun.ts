// A training under way, kept as its checkpoints: every few seconds, when it is held, when the tab goes out of sight.
// After a reload, a crash or a failure it can go on from the last one.
import { PARAM_NAMES, PARAMS, type Params } from '../../settings/table';
import { engine } from '../shell/engineLink';
import { deleteRun, readRun, readRunFile, writeRun, type KeptRun } from './database';
import { canWrite } from './storageLock';
import { isTraining } from '../shell/selectors';
import { getState, patch } from '../shell/store';
import { cannotKeep } from './kept';
import { t } from '../languages/texts';

const EVERY_MS = 10_000;
/** A checkpoint reads everything the run has; keeping it may take a twentieth of the time. */
const SHARE = 20;

let last = -Infinity;
/** The newest checkpoint of the run of this visit: there even where nothing may be stored. */
let held: { run: KeptRun; file: ArrayBuffer } | null = null;
let cost = 0;
let keeping: Promise<void> | null = null;
/** From a session just opened: goes before what is kept. */
let pendingRun: { run: KeptRun; file: ArrayBuffer } | null = null;

/** A report of progress came: keeps a checkpoint when one is due. A run that is held is kept as it is held. */
export function keepRunWhenDue(): void {
  const held = getState().training.status === 'paused';
  if (held || performance.now() - last > Math.max(EVERY_MS, SHARE * cost)) void keepRun();
}

/** Keeps the run as it stands; asked again meanwhile, once more after. */
export async function keepRun(): Promise<void> {
  if (!keeping) return (keeping = write().finally(() => (keeping = null)));
  const { progress } = getState().training;
  await keeping;
  if (getState().training.progress !== progress || getState().training.status === 'paused') return write();
}

/** A run begins: its first checkpoint is due at once, and that of the run before is no use. */
export function beginKeepingRun(): void {
  last = -Infinity;
  held = null;
}

async function write(): Promise<void> {
  const { training, params } = getState();
  if (!isTraining(getState())) return;
  const start = performance.now();
  // A run that fails says so itself.
  const checkpoint = await engine()
    ?.checkpoint(undefined)
    .catch(() => null);
  if (!checkpoint || !isTraining(getState())) return;
  const { file, progress, losses } = checkpoint;
  const run = { dataset: params.dataset, params: training.startedWith ?? params, progress, losses };
  held = { run, file };
  if (await canWrite())
    await writeRun(run, file).catch((error: unknown) => cannotKeep(error, t('the training under way')));
  last = performance.now();
  cost = last - start;
}

/** A run is over: its checkpoint goes. */
export async function dropRun(): Promise<void> {
  held = null;
  patch('kept', { resumable: null });
  await keeping?.catch(() => undefined);
  if (await canWrite({ quiet: true })) await deleteRun().catch(() => undefined);
}

/** Makes known a cut-off training of the set on screen, so that the page can offer to go on. */
export async function offerToResume(): Promise<void> {
  const run = givenRun()?.run ?? (await readRun().catch(() => null));
  const fits = run !== null && run.dataset === getState().params.dataset && !isTraining(getState());
  // Another tab may be at it right now.
  const mine = fits && (givenRun() !== null || (await canWrite({ quiet: true })));
  const { step, steps } = run?.progress ?? { step: 0, steps: 0 };
  patch('kept', { resumable: mine && !isTraining(getState()) ? { step, steps } : null });
}

/** Before what is stored: one of a session just opened, or the newest of this visit. */
function givenRun(): typeof held {
  const ofThisSet = (given: typeof held) => (given?.run.dataset === getState().params.dataset ? given : null);
  return ofThisSet(pendingRun) ?? ofThisSet(held);
}

/** The next offer is about this run. */
export const setPendingRun = (run: KeptRun | null, file: ArrayBuffer | null): void => {
  pendingRun = run && file && { run, file };
};

/** The visitor does not want to go on with it. */
export async function discardRun(): Promise<void> {
  pendingRun = null;
  await dropRun();
}

/** The cut-off run of the set on screen with its checkpoint; null when there is none. */
export async function cutOffRun(): Promise<{ run: KeptRun; file: ArrayBuffer } | null> {
  const given = givenRun();
  if (given) return { ...given, file: given.file.slice(0) };
  const run = await readRun().catch(() => null);
  const file = run && (await readRunFile().catch(() => null));
  return run && file && run.dataset === getState().params.dataset ? { run, file } : null;
}

const DECIDING = ['features', 'model', 'training', 'baselines'];

/** The settings on screen with those of the run that decide how it goes on. */
export function settingsOf({ params }: KeptRun): Params {
  const names = PARAM_NAMES.filter((name) => name === 'seed' || DECIDING.includes(PARAMS[name].group));
  return { ...getState().params, ...Object.fromEntries(names.map((name) => [name, params[name]])) };
}
