// Keeps the overlay true to the state: whenever what it depends on changes, one request goes to the engine; while
// one is under way only the newest waits. No component starts a live update.
import { NewestWins } from '../engine/newestWins';
import type { View } from '../engine/types';
import { complain } from './actions/notices';
import { readAgain } from './actions/view';
import { engine } from './engineLink';
import { getState, patch, useApp } from './store';
import { viewOf } from './view';

const updates = new NewestWins(async (view: View) => {
  const shown = await engine()!.show(view);
  if (shown.superseded || getState().data.selected !== view.image) return;
  const { score, extremes, ms, trained } = shown;
  patch('view', { painted: { image: view.image, map: view.map, score, extremes, ms, trained } });
  readAgain();
});

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

function update(): void {
  const view = viewOf(getState());
  if (!view) return;
  const key = JSON.stringify(view);
  if (key === last) return;
  last = key;
  updates.submit(view).catch((error: unknown) => {
    patch('view', { painted: null });
    complain(error);
  });
}
