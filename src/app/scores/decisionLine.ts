// Where the decision line comes from when none was set by hand: the best line between labelled images, a quantile of the
// normal ones, or pasted anomalies. Chosen once, followed by every new scoring.
import { quantileThreshold, syntheticThreshold, type Threshold } from '../../lib/scoring/metrics/threshold';
import type { AppState } from '../shell/appState';
import { imagesOf } from '../shell/selectors';
import type { LineSource, ScoresSlice } from './scoresSlice';
import { getState, patch } from '../shell/store';

/** Takes another source, or another quantile; what was set by hand gives way. */
export function setLineSource(source: LineSource, quantile = getState().scores.quantile): void {
  patch('scores', { source, quantile });
  patch('view', { threshold: null });
  suggestLine();
}

/** Works the line out anew: scores, labels or the source are others. */
export function suggestLine(): void {
  patch('scores', { suggested: suggestedLine(getState()) });
}

/** The line of the chosen source; where that has nothing to go by, the engine's own suggestion. */
export function suggestedLine({ data, scores }: Pick<AppState, 'data' | 'scores'>): Threshold | null {
  const { source, quantile, synthetic, fromLabels } = scores;
  if (source === 'labels') return fromLabels;
  const normal = heldOutScores({ data, scores });
  if (source === 'quantile') return quantileThreshold(normal, quantile) ?? fromLabels;
  return (synthetic && syntheticThreshold(normal, synthetic)) ?? fromLabels;
}

/** Scores of normal images: of the test side where there are any, else of the training side. */
function heldOutScores({ data, scores }: { data: AppState['data']; scores: ScoresSlice }): number[] {
  const of = (split: 'train' | 'test') =>
    imagesOf(data, split)
      .filter(({ label }) => label === 0)
      .flatMap(({ id }) => scores.byId[id] ?? []);
  const test = of('test');
  return test.length > 0 ? test : of('train');
}
