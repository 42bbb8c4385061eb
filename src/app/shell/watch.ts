// Consequences of changed parameters that need the engine: other feature settings mean other features, another
// smoothing or refinement means other scores. Both wait until the hand is off the slider.
import { scoresOtherwise } from '../../settings/scoring';
import { looksAtPixels } from '../../settings/methods';
import { differences, isTraining } from './selectors';
import { configure, loadStoredModel } from './feed';
import { markStale, rescore, rescoreWhereMissing } from '../scores/actions';
import type { AppState } from './appState';
import { forgetDetectability } from '../compare/blocks';
import { isComparing } from '../compare/events';
import { startClearingNotices } from './clearAnsweredNotices';
import { getState, useApp } from './store';

const SETTLE_MS = 400;

/** Starts watching; call once. */
export function startWatching(): void {
  startClearingNotices();
  let featuresTimer: ReturnType<typeof setTimeout> | undefined;
  let scoresTimer: ReturnType<typeof setTimeout> | undefined;
  useApp.subscribe((state, previous) => {
    // What pasted blocks scored belongs to one model, scored one way.
    if (state.model !== previous.model || scoringChanged(state, previous)) forgetDetectability();
    if (state.engine.status !== 'ready' || state.params === previous.params) return;
    if (featuresAsked(state, previous)) {
      clearTimeout(featuresTimer);
      featuresTimer = setTimeout(() => void renewFeatures(), SETTLE_MS);
    }
    if (scoringChanged(state, previous)) {
      markStale();
      clearTimeout(scoresTimer);
      scoresTimer = setTimeout(() => void rescore(), SETTLE_MS);
    }
  });
}

const featuresAsked = ({ params }: AppState, { params: before }: AppState) =>
  differences(params, before, ['features']).length > 0 ||
  looksAtPixels(params.method) !== looksAtPixels(before.method);

const scoringChanged = ({ params }: AppState, { params: before }: AppState) =>
  scoresOtherwise(params, before);

async function renewFeatures(): Promise<void> {
  // While a run is under way, held or not, it stays on screen; the next start configures anew.
  if (isTraining(getState()) || isComparing(getState()) || !(await configure())) return;
  await loadStoredModel();
  await rescoreWhereMissing();
}
