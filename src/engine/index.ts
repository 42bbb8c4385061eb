// What other programs import as `grad-playground/engine`: the whole service behind the page and the command line (images
// in, training, live maps, scores, sessions' models) in the caller's own thread, with its parameters and presets.
export { createLocalEngine, type LocalEngineOptions } from './local';
export type * from './api/types';
export * from './api/errors';
export { defaultParams, PARAM_NAMES, PARAMS, type ParamName, type Params } from '../settings/table';
export { presetParams, type PresetName } from '../settings/presets';
