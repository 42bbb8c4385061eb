// Changing parameters: one, several, a whole preset. Effects follow by themselves: the live loop sees a changed
// view, watch.ts sees changed feature settings.
import { isKeptGroup, presetParams, type PresetName } from '../../settings/presets';
import { PARAM_NAMES, PARAMS, type ParamName, type Params } from '../../settings/table';
import { clampNumber, specOf } from '../../settings/values';
import { mayChange } from '../lesson/guardLesson';
import { getState, setState } from '../shell/store';

export function setParam<K extends ParamName>(name: K, value: Params[K]): void {
  setParams({ [name]: value } as Partial<Params>);
}

/** Sets several at once; numbers are clamped to their rows, and what a lesson locks stays. */
export function setParams(change: Partial<Params>): void {
  const params = { ...getState().params, ...clamped(change) };
  // Moving one end of the training intensities past the other takes the other along.
  if (change.fbpIntensityMin !== undefined) {
    params.fbpIntensityMax = Math.max(params.fbpIntensityMax, params.fbpIntensityMin);
  }
  if (change.fbpIntensityMax !== undefined) {
    params.fbpIntensityMin = Math.min(params.fbpIntensityMin, params.fbpIntensityMax);
  }
  setState({ params });
}

function clamped(change: Partial<Params>): Partial<Params> {
  // The data set follows from what is on screen; its chooser is locked where it is used.
  const free = Object.entries(change).filter(([name]) => name === 'dataset' || mayChange(name as ParamName));
  const entries = free.map(([name, value]) => {
    const spec = specOf(name as ParamName);
    return [name, spec.kind === 'number' ? clampNumber(spec, value as number) : value];
  });
  return Object.fromEntries(entries) as Partial<Params>;
}

/** The value a reset goes back to: the preset's, or the table's for what presets leave alone. */
export function homeValue<K extends ParamName>(name: K, params: Params): Params[K] {
  return isKeptGroup(PARAMS[name].group)
    ? (PARAMS[name].default as Params[K])
    : presetParams(params.preset)[name];
}

export function resetParam(name: ParamName): void {
  setParam(name, homeValue(name, getState().params));
}

/** Fills in a preset; data, block, view and the seed stay as they are. */
export function applyPreset(preset: PresetName): void {
  const { params } = getState();
  const filled = presetParams(preset);
  const kept = PARAM_NAMES.filter(
    (name) => isKeptGroup(PARAMS[name].group) || name === 'seed' || !mayChange(name),
  );
  const own = Object.fromEntries(kept.map((name) => [name, params[name]]));
  const next = { ...filled, ...own };
  setState({ params: next });
  lastPreset = { before: params, after: getState().params };
}

let lastPreset: { before: Params; after: Params } | null = null;

/** Takes a preset back that turned out to need what is not here, as long as nothing was changed since. @returns whether it was */
export function takeBackPreset(): boolean {
  const last = lastPreset;
  if (!last || getState().params !== last.after) return false;
  lastPreset = null;
  setState({ params: last.before });
  return true;
}
