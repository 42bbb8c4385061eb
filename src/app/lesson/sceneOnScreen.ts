// The page as it stands, as the scene of a step: what a teacher has set up is what the class will see. Pure.
import { NO_SCENE, SETTABLE, type Scene } from '../../settings/story';
import type { ParamName, Params } from '../../settings/table';
import { presetParams } from '../../settings/presets';
import type { AppState } from '../shell/appState';
import { selectedImage } from '../shell/selectors';

/** Named always: the step before may have changed them. */
const ALWAYS: readonly ParamName[] = ['fbpOn', 'map'];
const OF_BLOCK: readonly ParamName[] = [
  'fbpShape',
  'fbpSize',
  'fbpIntensity',
  'fbpX',
  'fbpY',
  'fbpSeed',
  'fbpSteps',
  'fbpAngle',
];
/** Others only where they are not as their preset has them. */
const IF_CHANGED: readonly ParamName[] = ['method', 'opacity', 'colormap'];

export function sceneOnScreen(state: AppState): Scene {
  const { params, view } = state;
  const preset = presetParams(params.preset);
  const names = [
    ...ALWAYS,
    ...(params.fbpOn ? OF_BLOCK : []),
    ...IF_CHANGED.filter((name) => params[name] !== preset[name]),
  ].filter((name) => SETTABLE.includes(name));
  const image = selectedImage(state);
  return {
    ...NO_SCENE,
    image: image?.name ?? '',
    set: Object.fromEntries(names.map((name) => [name, params[name]])) as Partial<Params>,
    line: view.threshold ?? 'suggested',
  };
}
