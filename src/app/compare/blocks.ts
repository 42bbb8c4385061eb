// The blocks of the detectability chart: which sizes and intensities, how many of each, and what the present model makes
// of them. Their scores also serve as a third kind in the histogram and as a source of the threshold.
import { toReport } from '../../lib/errors';
import type { PastedTrial } from '../../engine/api/types';
import { scoringOf } from '../../settings/scoring';
import { isVisible, TRIAL_BLOCKS } from '../../settings/trialBlocks';
import { suggestLine } from '../scores/decisionLine';
import { engine, isOver } from '../shell/engineLink';
import { isTraining } from '../shell/selectors';
import { initialDetectability } from './compareSlice';
import { getState, patch } from '../shell/store';
import { isComparing } from './events';

export const BLOCKS = TRIAL_BLOCKS;

/** The chart goes on to blocks too faint for any model: where they vanish differs by orders of magnitude. */
const CHART = { ...BLOCKS, intensities: [1 / 64, 1 / 16, 1 / 4, ...BLOCKS.intensities] };

const SEED = 0;

/** Pastes and scores with the present model. Nothing happens without one, or while the engine is busy. */
export async function measureDetectability({ onlyIfMissing = false } = {}): Promise<void> {
  const state = getState();
  if (onlyIfMissing && state.scores.synthetic) return;
  if (!engine() || state.model.source === 'none' || isTraining(state) || isComparing(state)) return;
  if (state.compare.detectability.status === 'running') return;
  const { model } = state;
  patch('compare', { detectability: { ...initialDetectability(), status: 'running' } });
  try {
    const pasted = await engine()!.pasteBlocks({ ...CHART, seed: SEED, ...scoringOf(state.params) });
    // Another model took its place meanwhile: these scores are not its.
    if (getState().model !== model) return forgetDetectability();
    patch('compare', { detectability: { ...initialDetectability(), status: 'ready', ...pasted } });
    // What hardly any method sees would spoil the recall at the line.
    const visible = pasted.trials.filter(
      ({ block }) => BLOCKS.intensities.includes(block.intensity) && isVisible(block),
    );
    patch('scores', { synthetic: visible.map(({ score }) => score) });
    await suggestLine();
  } catch (error) {
    // The panel measures by itself when there is an engine again, or the images have come to rest.
    if (isOver(error) || toReport(error).name === 'ScoringOutdated') return forgetDetectability();
    patch('compare', {
      detectability: { ...initialDetectability(), status: 'failed', error: toReport(error) },
    });
  }
}

/** The model is another one, or scores otherwise. */
export function forgetDetectability(): void {
  const { compare, scores } = getState();
  if (compare.detectability.status !== 'none') patch('compare', { detectability: initialDetectability() });
  if (scores.synthetic) patch('scores', { synthetic: null });
}

/** A cell of the chart: what was pasted there, and the share of it above the line. */
export interface DetectabilityCell {
  size: number;
  intensity: number;
  trials: PastedTrial[];
  /** Null without a line. */
  recall: number | null;
}

/** Rows of equal intensity, strongest first; cells by size. */
export function detectabilityRows(
  trials: readonly PastedTrial[],
  line: number | null,
): DetectabilityCell[][] {
  const sizes = [...new Set(trials.map(({ block }) => block.size))].sort((a, b) => a - b);
  const intensities = [...new Set(trials.map(({ block }) => block.intensity))].sort((a, b) => b - a);
  return intensities.map((intensity) =>
    sizes.map((size) => {
      const own = trials.filter(({ block }) => block.size === size && block.intensity === intensity);
      const found = line === null ? 0 : own.filter(({ score }) => score > line).length;
      return {
        size,
        intensity,
        trials: own,
        recall: line === null || own.length === 0 ? null : found / own.length,
      };
    }),
  );
}
