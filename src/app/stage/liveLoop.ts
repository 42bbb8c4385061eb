// Keeps the overlay true to the state: whenever what it depends on changes, one request goes to the engine; while
// one is under way only the newest waits. No component starts a live update.
import { NewestWins } from '../../engine/answers/newestWins';
import type { View } from '../../engine/api/types';
import { complain } from '../notices/actions';
import { readAgain } from './actions';
import { engine } from '../shell/engineLink';
import { getState, patch, useApp } from '../shell/store';
import { viewOf } from './liveViewRequest';

const updates = new NewestWins(async (view: View) => {
  // Such an update compiles kernels or waits for features; its time would say nothing of the next one's.
  const settled = isSettled();
  const shown = await engine()!.show(view);
  if (shown.superseded || getState().data.selected !== view.image) return;
  const { score, extremes, trained } = shown;
  const ms = settled ? shown.ms : null;
  patch('view', { painted: { image: view.image, map: view.map, score, extremes, ms, trained } });
  readAgain();
  void lookAtMemory();
});

function isSettled(): boolean {
  const { view, engine, data } = getState();
  return view.painted !== null && engine.extracting === null && data.adding === null;
}

const MEMORY_EVERY_MS = 1000;
let lastMemory = -Infinity;

/** What the GPU holds, for the line that says so. While training the reports of progress bring it. */
async function lookAtMemory(): Promise<void> {
  if (performance.now() - lastMemory < MEMORY_EVERY_MS) return;
  lastMemory = performance.now();
  const memory = await engine()
    ?.memory(undefined)
    .catch(() => null);
  if (memory) patch('engine', { memory });
}

let last = '';

/** Starts watching the state. */
export function startLiveLoop(): void {
  useApp.subscribe(update);
}

/** Asks for the same view again: the grids behind it have changed. */
export function refreshView(): void {
  last = '';
  update();
}

/** A run that is held shows what each single step did; one that goes on is looked at now and then (afterEvent.ts). */
function heldStep(): number | null {
  const { status, progress } = getState().training;
  return status === 'paused' ? (progress?.step ?? 0) : null;
}

function update(): void {
  const view = viewOf(getState());
  if (!view) return;
  const key = JSON.stringify([view, heldStep()]);
  if (key === last) return;
  last = key;
  updates.submit(view).catch((error: unknown) => {
    // An image that has left needs no picture; one that is handed over anew will be asked for again.
    if (getState().data.images[view.image]?.status !== 'ready') return void (last = '');
    patch('view', { painted: null });
    complain(error);
  });
}
