// Scoring all images anew: after training, after new images, and when what scores depend on was changed.
import { toReport } from '../../lib/errors';
import { isComparing } from '../compare/events';
import { scoringOf } from '../../settings/scoring';
import { engine } from '../shell/engineLink';
import { featuresChanged, isTraining } from '../shell/selectors';
import { getState, patch } from '../shell/store';
import { suggestLine } from './decisionLine';
import { complain } from '../notices/actions';

/** Scores everything with the settings on screen. Nothing happens without a model or while training. */
export async function rescore(): Promise<void> {
  const state = getState();
  if (!engine() || state.model.source === 'none' || isTraining(state) || featuresChanged(state)) return;
  // A compared model is in the engine; scores follow when the visitor's own is back.
  if (isComparing(state)) return markStale();
  const onScreen = () => getState().data.set === state.data.set;
  patch('scores', { status: 'scoring', detail: null });
  try {
    const table = await engine()!.scoreAll({ ...scoringOf(state.params), reuse: true });
    if (!onScreen()) return;
    const byId = Object.fromEntries(table.images.map(({ id, score }) => [id, score]));
    const { metrics, ranges, threshold: fromLabels, pixelImages = null, notices = [] } = table;
    patch('scores', {
      status: 'ready',
      byId,
      metrics,
      pixelImages,
      notices: notices.map(({ text }) => text),
      ranges,
      fromLabels,
      progress: null,
    });
    await suggestLine();
  } catch (error) {
    // Another set came meanwhile: its scores are not these.
    if (!onScreen()) return;
    patch('scores', { status: 'stale', progress: null });
    if (toReport(error).name === 'ScoringOutdated') return rescore();
    complain(error);
  }
}

/** Scores when images came that have none. */
export async function rescoreWhereMissing(): Promise<void> {
  const { data, scores } = getState();
  if (data.order.some((id) => scores.byId[id] === undefined)) await rescore();
}

/** Corrections come in bursts. */
const SETTLE_MS = 400;
let correcting: ReturnType<typeof setTimeout> | undefined;

/** Scores anew when the images or their labels were corrected. */
export function rescoreSoon(): void {
  const { scores, model } = getState();
  if (!engine() || model.source === 'none' || scores.status === 'none') return;
  markStale();
  clearTimeout(correcting);
  correcting = setTimeout(() => void rescore(), SETTLE_MS);
}

/** What the histogram shows no longer belongs to the settings on screen. */
export function markStale(): void {
  if (getState().scores.status !== 'none') patch('scores', { status: 'stale' });
}
