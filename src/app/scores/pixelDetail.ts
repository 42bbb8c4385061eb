// Figures over pixels that take a second look at every map: computed when somebody wants to see them.
import { scoringOf } from '../../settings/scoring';
import { isComparing } from '../compare/events';
import { complain } from '../notices/actions';
import { engine, isOver } from '../shell/engineLink';
import { isTraining } from '../shell/selectors';
import { getState, patch } from '../shell/store';

/** Whether the scores on screen are those of the model in the engine, and it has time. */
export const canMeasure = (state = getState()): boolean =>
  state.scores.status === 'ready' && engine() !== null && !isTraining(state) && !isComparing(state);

/** @param share of a region from which on saturated PRO takes it for found whole, in (0, 1]; null: as the set says */
export async function measurePixelDetail(share: number | null): Promise<void> {
  const state = getState();
  if (!canMeasure(state)) return;
  const same = () => getState().scores.byId === state.scores.byId && getState().scores.status === 'ready';
  try {
    const request = {
      ...scoringOf(state.params),
      pixelDetail: { saturation: share === null ? null : { share } },
    };
    const { pixelDetail = null } = await engine()!.scoreAll(request);
    // Other scores came meanwhile: they are asked about anew.
    if (same()) patch('scores', { detail: pixelDetail, progress: null });
  } catch (error) {
    if (!isOver(error) && same()) complain(error);
  }
}
