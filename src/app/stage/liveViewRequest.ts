// From state to what one live update depends on. Pure: the live loop compares its answers, tests call it directly.
import type { ColormapName } from '../../lib/overlay/colormaps';
import { scoringOf } from '../../settings/scoring';
import type { Block, View } from '../../engine/api/types';
import { isGridMethod, looksAtPixels } from '../../settings/methods';
import type { AppState } from '../shell/appState';
import { isComparing } from '../compare/events';
import { cellsOf } from './cells';
import {
  featuresChanged,
  isTraining,
  mapInUse,
  methodInUse,
  selectedImage,
  threshold,
} from '../shell/selectors';

/** The pasted block as set, its centre kept on the map; null when none is pasted, or there are no features to paste into. */
export function blockOf(state: AppState): Block | null {
  const { params, view } = state;
  if (!params.fbpOn || looksAtPixels(methodInUse(state))) return null;
  const { width, height } = cellsOf(state) ?? { width: Infinity, height: Infinity };
  const block: Block = {
    shape: params.fbpShape,
    size: params.fbpSize,
    intensity: params.fbpIntensity,
    x: Math.min(params.fbpX, width - 1),
    y: Math.min(params.fbpY, height - 1),
    seed: params.fbpSeed,
    steps: params.fbpSteps,
    ...(params.fbpAngle !== 0 && { angle: params.fbpAngle }),
  };
  return params.fbpShape === 'brush' ? { ...block, cells: view.brush } : block;
}

/** The colour table on screen: the signed map has its own. */
export const colormapOf = (state: AppState): ColormapName =>
  mapInUse(state) === 'abnormal' ? 'diverging' : state.params.colormap;

/** Normal places stay transparent, so that one sees the part and not a purple veil. */
const FADE = 0.75;

/** In the signed map low values say something too: nothing fades. */
export const fadeOf = (state: AppState): number =>
  ['abnormal', 'mask'].includes(mapInUse(state)) ? 0 : FADE;

/**
 * Ends of the colour scale, in map units; null: each image's own extremes. One scale for the whole set, except on
 * demand, and while training, when the set's scale is not known yet.
 */
export function rangeOf(state: AppState): [number, number] | null {
  const { params, scores } = state;
  const map = mapInUse(state);
  if (map === 'mask') return [0, 1];
  const range = scores.ranges?.[map];
  if (!range || params.scale === 'image' || isTraining(state)) return null;
  return map === 'abnormal' ? symmetric(range) : range;
}

/** Around zero, so that the middle of the diverging table means zero. */
function symmetric([low, high]: [number, number]): [number, number] {
  const reach = Math.max(Math.abs(low), Math.abs(high));
  return [-reach, reach];
}

/** The contour belongs to the map that decisions are made on, and to the model it was set for. */
export const contourOf = (state: AppState) =>
  state.params.contour && mapInUse(state) === 'fused' && !isTraining(state) ? threshold(state) : null;

/** A model is there, or one in training that can be watched: a fit in one go has nothing to show before its end. */
function modelAnswers(state: AppState): boolean {
  const { method } = state.training.startedWith ?? state.params;
  const watched = isTraining(state) && isGridMethod(method);
  return (state.model.source !== 'none' || watched) && !featuresChanged(state);
}

/** What the engine should be showing; null when there is nothing it could show. */
export function viewOf(state: AppState): View | null {
  const image = selectedImage(state);
  // The engine holds compared models; the picture stays as it is.
  if (isComparing(state)) return null;
  if (state.engine.status !== 'ready' || !image || image.status !== 'ready') return null;
  if (!modelAnswers(state) && mapInUse(state) !== 'mask') return null;
  return {
    image: image.id,
    map: mapInUse(state),
    block: blockOf(state),
    fusionValue: state.view.fusionValue,
    ...scoringOf(state.params),
    opacity: state.params.opacity / 100,
    fade: fadeOf(state),
    colormap: colormapOf(state),
    range: rangeOf(state),
    threshold: contourOf(state),
  };
}
