// Takes back what is no longer true: a complaint goes when what it complained of is gone.
import { dismiss } from '../notices/actions';
import type { AppState } from './appState';
import { getState, useApp } from './store';

/** By the class of the error: whether a change of state has answered it. */
const ANSWERED: Record<string, (now: AppState, before: AppState) => boolean> = {
  BackboneNotHere: (now, before) => now.params.backbone !== before.params.backbone,
  NoTrainingImages: (now, before) => now.data.images !== before.data.images,
  EngineUnavailable: (now, before) => now.engine.status !== before.engine.status,
};

/** Starts watching; call once. */
export function startClearingNotices(): void {
  useApp.subscribe((state, previous) => {
    for (const { id, error = '' } of state.notices.list) {
      if (ANSWERED[error]?.(state, previous) && stillThere(id)) dismiss(id);
    }
  });
}

const stillThere = (id: number) => getState().notices.list.some((notice) => notice.id === id);
