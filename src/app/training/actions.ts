// Play, pause, step, cancel: one button press each, safe in any state. The run's course comes back as events.
import { toReport } from '../../lib/errors';
import { isComparing } from '../compare/events';
import { engine } from '../shell/engineLink';
import { ComparisonRunning, EngineUnavailable, NoTrainingImages } from '../shell/errors';
import { guardLesson } from '../lesson/guardLesson';
import { imagesOf, isTraining } from '../shell/selectors';
import { writeStored } from '../shell/storage';
import type { TrainingSlice } from './trainingSlice';
import { getState, patch, setState } from '../shell/store';
import { sendImages, untilAllThere } from '../images/uploadQueue';
import { configure } from '../shell/feed';
import { beginKeepingRun, cutOffRun, keepRun, offerToResume, settingsOf } from '../keeping/keptRun';
import { complain, notify } from '../notices/actions';
import { t } from '../languages/texts';

/** Set while a run is under way, so that a reload can say what was lost. */
export const RUN_FLAG = 'run';

/** Starts, pauses or goes on: what the big button and the space bar do. */
export async function playOrPause(): Promise<void> {
  if (!guardLesson('training')) return;
  const { status } = getState().training;
  if (status === 'running') return pause();
  if (status === 'paused') return resume();
  if (status !== 'starting') await start();
}

export async function start(): Promise<void> {
  if (guardLesson('training')) await begin();
}

/** As `start`, and asks no lesson: for what a lesson itself does. */
export async function begin(): Promise<void> {
  if (!(await prepare())) return;
  await engine()!.train(undefined).catch(fail);
}

/** One optimiser step. Starts a run, held after that step, when none is under way. */
export async function step(): Promise<void> {
  if (!guardLesson('training')) return;
  const { status } = getState().training;
  if (status === 'starting') return;
  if (status === 'running') await pause();
  if (!isTraining(getState())) {
    if (!(await prepare())) return;
    patch('training', { status: 'paused' });
  }
  await engine()?.step(undefined).catch(fail);
}

export async function pause(): Promise<void> {
  patch('training', { status: 'paused' });
  await engine()?.pause(undefined).catch(fail);
  // A pause is often followed by leaving the page.
  void keepRun();
}

/** Goes on with the training that was cut off, with the settings that it began with. */
export async function resumeRun(): Promise<void> {
  if (!guardLesson('training')) return;
  const cutOff = await cutOffRun();
  if (!cutOff || isTraining(getState())) return;
  if (isComparing(getState())) return void complain(new ComparisonRunning());
  const { run, file } = cutOff;
  setState({ params: settingsOf(run) });
  const { progress, losses } = run;
  const began = { status: 'starting', startedWith: run.params, progress, losses, seconds: null } as const;
  if (!(await ready(began))) return;
  patch('kept', { resumable: null });
  await engine()!.resumeTraining(file).catch(fail);
}

export async function resume(): Promise<void> {
  patch('training', { status: 'running' });
  if (getState().training.slow) return creep();
  await engine()?.resume(undefined).catch(fail);
}

/** Slow motion: the run is held, and steps now and then. */
export function setSlow(slow: boolean): void {
  patch('training', { slow });
  const { status } = getState().training;
  if (status !== 'running') return;
  void (slow ? creep() : engine()?.resume(undefined).catch(fail));
}

const CREEP_MS = 350;
let creeping = false;

async function creep(): Promise<void> {
  if (creeping) return;
  creeping = true;
  const goesOn = () => getState().training.slow && getState().training.status === 'running';
  await engine()?.pause(undefined).catch(fail);
  while (goesOn()) {
    await engine()?.step(undefined).catch(fail);
    await new Promise((resolve) => setTimeout(resolve, CREEP_MS));
  }
  creeping = false;
}

/** Ends the run; what it has learned so far stays. */
export function cancelRun(): void {
  if (isTraining(getState())) void engine()?.cancel(undefined).catch(cancelBeforeStart);
}

/** Cancelled while the settings were still on their way to the engine: what waits for them looks at the status. */
function cancelBeforeStart(error: unknown): void {
  if (toReport(error).name !== 'NotTraining') return fail(error);
  writeStored('session', RUN_FLAG, null);
  const { before } = getState().training;
  if (isTraining(getState())) patch('training', { ...before, status: 'cancelled', before: null });
}

/** Everything that has to be right before a run; says what is not. */
async function prepare(): Promise<boolean> {
  const state = getState();
  const problem = obstacle();
  if (problem) {
    complain(problem);
    return false;
  }
  patch('kept', { resumable: null });
  const losses = { 1: [], 2: [] };
  return ready({ status: 'starting', startedWith: state.params, progress: null, losses, seconds: null });
}

/** Shows a run that begins and brings the engine to its settings; takes it back when that fails. */
async function ready(began: Partial<TrainingSlice>): Promise<boolean> {
  const state = getState();
  beginKeepingRun();
  // There is something to watch.
  patch('layout', { trainingOpen: true });
  const { progress, losses, seconds } = state.training;
  patch('training', { ...began, before: { progress, losses, seconds }, slow: false, interrupted: false });
  writeStored('session', RUN_FLAG, '1');
  await import('./watch').then(({ beginWatch }) => beginWatch());
  if (await configure()) return imagesThere();
  // Nothing has run: the curves and bars of the run before stay.
  patch('training', { ...state.training, status: 'failed' });
  writeStored('session', RUN_FLAG, null);
  return false;
}

/**
 * Learning from some of the images would be another training: waits until the engine has them all.
 * @returns false when the run was called off meanwhile
 */
async function imagesThere(): Promise<boolean> {
  if (getState().data.adding === null) void sendImages();
  await untilAllThere((state) => !isTraining(state));
  return isTraining(getState());
}

function obstacle(): Error | null {
  const { engine: slice, data } = getState();
  if (slice.status === 'unavailable' || slice.status === 'lost') {
    return new EngineUnavailable(slice.error?.message ?? '', slice.error?.remedy ?? t('Reload the page.'));
  }
  if (isComparing(getState())) return new ComparisonRunning();
  const normals = imagesOf(data, 'train').filter(({ label }) => label !== 1);
  if (normals.length === 0) return new NoTrainingImages();
  return slice.status === 'ready'
    ? null
    : new EngineUnavailable(t('It is still starting.'), t('Try again in a moment.'));
}

function fail(error: unknown): void {
  // A run that already runs is no failure of that run.
  if (toReport(error).name !== 'AlreadyTraining') patch('training', { status: 'failed' });
  writeStored('session', RUN_FLAG, null);
  complain(error);
  void offerToResume();
}

/** Says, after a reload, that a run was cut off. */
export function noticeInterruption(cutOff: boolean): void {
  if (!cutOff) return;
  writeStored('session', RUN_FLAG, null);
  patch('training', { interrupted: true });
  notify({
    tone: 'info',
    message: t('The page was reloaded while it was training.'),
    remedy: t(
      'Your settings are back: resume from the checkpoint where one was kept, or train again to the same result.',
    ),
    lifetime: 20_000,
  });
}
