// What components ask of the state, computed from it and never stored.
import type { Label, Split } from '../../engine/api/types';
import type { ParamGroup } from '../../settings/spec';
import { isKeptGroup, presetParams } from '../../settings/presets';
import { branchesOf, isGridMethod, isRelevant, looksAtPixels, type MethodName } from '../../settings/methods';
import { PARAM_NAMES, PARAMS, type ParamName, type Params } from '../../settings/table';
import type { AppState } from './appState';
import type { ImageRecord } from '../images/dataSlice';

export const selectedImage = (state: AppState): ImageRecord | null =>
  state.data.selected === null ? null : (state.data.images[state.data.selected] ?? null);

/** Images of one side of the set, in order. */
export const imagesOf = (data: AppState['data'], split: Split): ImageRecord[] =>
  data.order.map((id) => data.images[id]!).filter((image) => image.split === split);

/** Whether the engine's canvas shows a map of the image that is on screen. */
export const liveOnScreen = ({ engine, view, data }: AppState): boolean =>
  engine.status === 'ready' &&
  view.painted !== null &&
  view.painted.extremes !== null &&
  view.painted.image === data.selected;

/** The decision line in force: set by hand, else suggested, else none. */
export const threshold = (state: AppState): number | null =>
  state.view.threshold ?? state.scores.suggested?.value ?? null;

/** Score of the image on screen: that of the live overlay when it shows this image, else the known one. */
export function scoreOnScreen(state: AppState): number | null {
  const id = state.data.selected;
  if (id === null) return null;
  if (liveOnScreen(state)) return state.view.painted!.score;
  return state.scores.byId[id] ?? null;
}

/** w or lambda in force. */
export const fusionValue = (state: AppState): number | null =>
  state.view.fusionValue ?? state.model.fusionValue;

export const isTraining = ({ training }: AppState): boolean =>
  training.status === 'starting' || training.status === 'running' || training.status === 'paused';

export const isOwnSet = (params: Params): boolean =>
  params.dataset === 'own' || params.dataset.startsWith('own-');

/** Names of the parameters in which two fillings differ, among certain groups. */
export function differences(
  params: Params,
  other: Partial<Params>,
  groups: readonly ParamGroup[],
): ParamName[] {
  return PARAM_NAMES.filter(
    (name) =>
      name !== 'preset' &&
      groups.includes(PARAMS[name].group) &&
      other[name] !== undefined &&
      params[name] !== other[name],
  );
}

/** What makes feature maps another kind; normalisation is applied after, with the model's own statistics. */
const FEATURE_KIND: readonly ParamName[] = [
  ...([
    'backbone',
    'taps',
    'inputSize',
    'inputHeight',
    'fit',
    'tile',
    'overlap',
    'project',
    'pixelRange',
  ] as const),
];

/** True when the model on the engine was made from another kind of feature maps than now set: it cannot answer. */
export function featuresChanged({ params, model }: AppState): boolean {
  if (model.params === null) return false;
  const { method = params.method } = model.params;
  if (looksAtPixels(method) !== looksAtPixels(params.method)) return true;
  return differences(params, model.params, ['features']).some(
    (name) => FEATURE_KIND.includes(name) && isRelevant(name, params),
  );
}

/** The method whose maps are on screen: of a training whose progress can be watched, else of the model in use. */
export function methodInUse({ params, model, training }: AppState): MethodName {
  const underWay = ['starting', 'running', 'paused'].includes(training.status);
  const started = underWay ? training.startedWith?.method : undefined;
  if (started && isGridMethod(started)) return started;
  return model.params?.method ?? params.method;
}

/**
 * The map on screen: what was chosen, unless the method in use has no such branch. While the abnormal grid alone learns,
 * nothing can be fused yet: then its map stands for the fused one.
 */
export function mapInUse(state: AppState): Params['map'] {
  const { map } = state.params;
  const first = isTraining(state) && state.training.progress?.stage === 1;
  if (map === 'fused' && first && hasMap(methodInUse(state), 'abnormal')) return 'abnormal';
  return hasMap(methodInUse(state), map) ? map : 'fused';
}

/** Whether a method has such a map. */
export const hasMap = (method: MethodName, map: Params['map']): boolean =>
  map === 'mask' ? !looksAtPixels(method) : map === 'fused' || branchesOf(method)[map];

/** What was changed since the model was trained and waits for the next run. */
export const pendingChanges = ({ params, model }: AppState): ParamName[] =>
  model.params === null
    ? []
    : differences(params, model.params, ['features', 'model', 'training', 'baselines']).filter((name) =>
        isRelevant(name, params),
      );

/** Parameters that differ from what their preset says. */
export function changedFromPreset(params: Params): ParamName[] {
  const preset = presetParams(params.preset);
  return PARAM_NAMES.filter(
    (name) =>
      name !== 'preset' &&
      !isKeptGroup(PARAMS[name].group) &&
      name !== 'seed' &&
      params[name] !== preset[name],
  );
}

/** Counts at a threshold, over the labelled test images: found and missed defects, false alarms. */
export interface Decisions {
  defects: number;
  found: number;
  normals: number;
  alarms: number;
}

/** A score above the line is called anomalous; images without a label or a score do not count. */
export function decisions(
  images: readonly { id: string; split: Split; label: Label }[],
  scores: Record<string, number>,
  line: number,
): Decisions {
  const counts: Decisions = { defects: 0, found: 0, normals: 0, alarms: 0 };
  for (const { id, split, label } of images) {
    const score = scores[id];
    if (split !== 'test' || label === null || score === undefined) continue;
    const above = score > line ? 1 : 0;
    if (label === 1) {
      counts.defects += 1;
      counts.found += above;
    } else {
      counts.normals += 1;
      counts.alarms += above;
    }
  }
  return counts;
}
