// What the engine tells while a comparison is under way goes to the comparison, not to the visitor's own training and
// scores. Pure.
import type { EngineEvent, Progress } from '../../engine/api/types';
import type { AppState } from '../shell/appState';
import { t } from '../languages/texts';

/** Shares of a run's time, roughly: features, then training, then scoring. */
const TRAINING_FROM = 0.05;
const SCORING_FROM = 0.8;

export const isComparing = ({ compare }: Pick<AppState, 'compare'>): boolean => compare.status !== 'idle';

/** The state after an event that a compared run has caused; null for all other events. */
export function applyCompareEvent(state: AppState, event: EngineEvent): AppState | null {
  if (!isComparing(state)) return null;
  switch (event.kind) {
    case 'progress': {
      const { step, steps, secondsLeft } = event.progress;
      const share = steps > 0 ? step / steps : 0;
      const moved = withProgress(state, {
        text: describe(event.progress),
        fraction: TRAINING_FROM + share * (SCORING_FROM - TRAINING_FROM),
        secondsLeft,
      });
      return { ...moved, engine: { ...state.engine, memory: event.memory, phase: null } };
    }
    case 'scored':
    case 'pasted': {
      const share = event.total > 0 ? event.done / event.total : 1;
      const text = event.kind === 'scored' ? t('scoring all images') : t('scoring pasted blocks');
      return withProgress(state, {
        text,
        fraction: SCORING_FROM + share * (1 - SCORING_FROM),
        secondsLeft: null,
      });
    }
    case 'trained':
      return state;
    default:
      return null;
  }
}

const withProgress = (state: AppState, progress: AppState['compare']['progress']): AppState => ({
  ...state,
  compare: { ...state.compare, progress },
});

const describe = (progress: Progress): string =>
  progress.stage === null
    ? progress.phase
    : t('stage {stage}, epoch {epoch} of {epochs}', {
        stage: progress.stage,
        epoch: progress.epoch,
        epochs: progress.epochs,
      });
