// What a step's goal is judged by, read from the page's state. Pure.
import type { Quantity } from '../../settings/story';
import type { AppState } from '../shell/appState';
import { decisions, scoreOnScreen, selectedImage, threshold, type Decisions } from '../shell/selectors';
import { blockOf } from '../stage/liveViewRequest';
import { stageFractions } from '../training/stages';
import type { Stage } from '../../engine/api/types';

const READERS: Record<Quantity, (state: AppState) => number | null> = {
  score: scoreOnScreen,
  line: threshold,
  label: (state) => selectedImage(state)?.label ?? null,
  pasted: (state) => Number(blockOf(state) !== null),
  side: ({ params }) => 2 * params.fbpSize + 1,
  intensity: ({ params }) => Math.abs(params.fbpIntensity),
  found: (state) => decided(state)?.found ?? null,
  missed: (state) => {
    const counts = decided(state);
    return counts && counts.defects - counts.found;
  },
  alarms: (state) => decided(state)?.alarms ?? null,
  stage1: (state) => stageDone(state, 1),
  stage2: (state) => stageDone(state, 2),
  pointed: ({ view }) => Number(view.reading !== null),
};

/** A quantity as it is now; null where it is not known. */
export const readingOf = (state: AppState, what: Quantity): number | null => READERS[what](state);

/** What the line decides; null without a line, or while scores are of a model before. */
export function decided(state: AppState): Decisions | null {
  const line = threshold(state);
  const { byId, status } = state.scores;
  if (line === null || status === 'stale' || status === 'scoring') return null;
  return decisions(Object.values(state.data.images), byId, line);
}

/** How much of a stage the run on screen has behind it, 0 to 1; of a run that has ended all of it. */
export function stageDone({ training, params }: AppState, stage: Stage): number {
  if (training.status === 'finished') return 1;
  const { epochs1, epochs2 } = training.startedWith ?? params;
  return stageFractions(training.progress, epochs1, epochs2)[stage];
}
