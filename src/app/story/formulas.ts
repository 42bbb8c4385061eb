// The formulas that stand beside the numbers they make. Pure: from the page's state to what is written.
import { blockMask } from '../../lib/methods/grad/blocks';
import type { Formula } from '../../settings/story';
import { formatScore } from '../controls/format';
import type { AppState } from '../shell/appState';
import { imagesOf, scoreOnScreen, threshold } from '../shell/selectors';
import { cellsOf } from '../stage/cells';
import { blockOf } from '../stage/liveViewRequest';
import { decided } from './readings';
import { msg, t } from '../languages/texts';

interface Entry {
  /** What the editor calls it. */
  name: string;
  formula: string;
  /** What its symbols are, where that is not said by the number. */
  about: string;
  /** The number it makes now, and what that is of; a sentence where there is none yet. */
  now: (state: AppState) => string;
}

const LATER = msg('known when the engine is ready');

export const ENTRIES: Record<Formula, Entry> = {
  set: {
    name: 'Training images',
    formula: '𝒩 = { I₁, …, I_N }',
    about: msg('all that the model learns from'),
    now: ({ data }) => `N = ${imagesOf(data, 'train').length}`,
  },
  features: {
    name: 'Feature map',
    formula: 'φ(I) ∈ ℝ^(H × W × C)',
    about: msg('C numbers for each of H × W cells'),
    now: ({ engine: { features } }) =>
      features
        ? t('{height} × {width} cells, {channels, plural, one {# number} other {# numbers}} each', {
            height: features.height,
            width: features.width,
            channels: features.channels,
          })
        : LATER,
  },
  block: {
    name: 'Pasted block',
    formula: msg('φ′ = φ + blur(I · σ · M)'),
    about: msg('M the cells of the block, σ the spread of normal features'),
    now: pasted,
  },
  contrast: {
    name: 'Loss of stage 1',
    formula: 'Σ max(0, ½ − s) ∕ #pasted + Σ max(0, ½ + s) ∕ #other',
    about: msg('s what the abnormal branch says of a cell'),
    now: (state) => lossOf(state, 1),
  },
  rebuild: {
    name: 'Loss of stage 2',
    formula: msg('mean (φ − x)²,   x = xₙ + w · xₐ'),
    about: msg('xₙ and xₐ what the two branches rebuild'),
    now: (state) => lossOf(state, 2),
  },
  distance: {
    name: 'Score of the image',
    formula: msg('d(p) = ‖ φ(p) − x̂(p) ‖,   score = maxₚ d(p)'),
    about: 'x̂ the rebuilt features, refined; the map d is smoothed',
    now: (state) => {
      const [score, at] = [scoreOnScreen(state), state.view.reading?.fused];
      if (score === null) return LATER;
      return t('score = {score}{what}', {
        score: formatScore(score),
        what: at === undefined ? '' : t(', at the pointer d = {at}', { at: formatScore(at) }),
      });
    },
  },
  line: {
    name: 'Decision line',
    formula: msg('score > t  →  anomalous'),
    about: 't the line; only images with a label are counted',
    now: (state) => {
      const [line, counts] = [threshold(state), decided(state)];
      if (line === null || !counts) return t('known when all images have scores');
      const { found, defects, alarms, normals } = counts;
      return t('t = {line}: finds {found} of {defects}, flags {alarms} of {normals} normal', {
        line: formatScore(line),
        found,
        defects,
        alarms,
        normals,
      });
    },
  },
};

function pasted(state: AppState): string {
  const { fbpOn, fbpIntensity } = state.params;
  if (!fbpOn) return t('nothing is pasted');
  const [block, cells] = [blockOf(state), cellsOf(state)];
  if (!block || !cells) return LATER;
  const count = blockMask(block, cells.height, cells.width).reduce((sum, cell) => sum + cell, 0);
  return t('I = {fbpIntensity} σ on {count} of {width} cells', {
    fbpIntensity,
    count,
    width: cells.width * cells.height,
  });
}

function lossOf({ training }: AppState, stage: 1 | 2): string {
  const loss = training.losses[stage].at(-1);
  return loss === undefined ? t('known in training') : `= ${formatScore(loss)}`;
}
