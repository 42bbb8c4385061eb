// Where the decision line comes from when none was set by hand: the best line between labelled images, a quantile of the
// normal ones, or pasted anomalies. Chosen once, followed by every new scoring.
import { scoresOf } from '../../lib/scoring/metrics/scores';
import type { Split } from '../../engine/api/types';
import { quantileThreshold, type Threshold } from '../../lib/scoring/metrics/threshold';
import type { AppState } from '../shell/appState';
import { imagesOf } from '../shell/selectors';
import type { LineSource, ScoresSlice } from './scoresSlice';
import { getState, patch } from '../shell/store';

/** Takes another source, or another quantile; what was set by hand gives way. */
export function setLineSource(
  source: LineSource,
  quantile = getState().scores.quantile,
): Promise<void> | undefined {
  patch('scores', { source, quantile });
  patch('view', { threshold: null });
  return suggestLine();
}

/** Works the line out anew: scores, labels or the source are others. At once, unless formulas have yet to come. */
export function suggestLine(): Promise<void> | undefined {
  const { source, synthetic } = getState().scores;
  patch('scores', { suggested: suggestedLine(getState()) });
  return source === 'synthetic' && synthetic ? suggestFromPasted() : undefined;
}

/** Loaded on demand: few visitors paste anomalies. */
async function suggestFromPasted(): Promise<void> {
  const { syntheticThreshold } = await import('../../lib/scoring/metrics/syntheticThreshold');
  const { data, scores } = getState();
  if (scores.source !== 'synthetic' || !scores.synthetic) return;
  const line = syntheticThreshold(heldOutScores({ data, scores }), scores.synthetic);
  patch('scores', { suggested: line ?? scores.fromLabels });
}

/** The line of the chosen source; where that has nothing to go by, the engine's own suggestion. */
function suggestedLine({ data, scores }: Pick<AppState, 'data' | 'scores'>): Threshold | null {
  const { source, quantile, suggested, fromLabels } = scores;
  if (source === 'quantile')
    return quantileThreshold(heldOutScores({ data, scores }), quantile) ?? fromLabels;
  // While the new line is under way, the old one of the same kind stands.
  return source === 'synthetic' && suggested?.source === 'synthetic anomalies' && scores.synthetic
    ? suggested
    : fromLabels;
}

/** Scores of normal images, ascending: of a validation folder, else of the test side, else of the training side. */
function heldOutScores({ data, scores }: { data: AppState['data']; scores: ScoresSlice }): Float64Array {
  const of = (split: Split) => {
    const scored = imagesOf(data, split).filter(({ id }) => scores.byId[id] !== undefined);
    return scoresOf(scored.map(({ id }) => scores.byId[id]!), scored.map(({ label }) => label), 0); // prettier-ignore
  };
  const [validation, test] = [of('validation'), of('test')];
  return [validation, test].find(({ length }) => length > 0) ?? of('train');
}
