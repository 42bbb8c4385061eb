// Which rows of the table count for which method. The form hides the others, the command line's help names the methods,
// and no new training is asked for when such a row changes. A link still carries every row: whoever opens it
// and switches the method back finds what was set.
import { GRID_METHODS, type MethodName } from './methods';
import type { ParamName, Params } from './table';

/** Methods that learn by gradient, besides the grids. */
const LEARNERS: readonly MethodName[] = ['simplenet', 'dfr', 'uniad', 'riad'];
const NORMAL: readonly MethodName[] = ['grad', 'normal-grid'];
const ABNORMAL: readonly MethodName[] = ['grad', 'abnormal-grid'];
const FEATURES: readonly MethodName[] = [...GRID_METHODS, 'padim', 'patchcore', 'simplenet', 'dfr', 'uniad'];

/** Rows that count for some methods only. */
const ONLY: Partial<Record<ParamName, readonly MethodName[]>> = {
  backbone: FEATURES,
  taps: FEATURES,
  project: FEATURES,
  normalise: FEATURES,
  decoder: GRID_METHODS,
  blocks: GRID_METHODS,
  expansion: GRID_METHODS,
  localGrid: GRID_METHODS,
  globalGrid: GRID_METHODS,
  fusion: ['grad'],
  lambda: ['grad'],
  epochs1: ABNORMAL,
  epochs2: NORMAL,
  batch: [...GRID_METHODS, ...LEARNERS],
  learningRate: GRID_METHODS,
  gridLearningRate: GRID_METHODS,
  fbpIntensityMin: ABNORMAL,
  fbpIntensityMax: ABNORMAL,
  fbpRecipe: ABNORMAL,
  anomalySource: ABNORMAL,
  anomalyNoise: ABNORMAL,
  methodEpochs: LEARNERS,
  simplenetNoise: ['simplenet'],
  padimFeatures: ['padim'],
  coresetPercent: ['patchcore'],
  coresetLimit: ['patchcore'],
  coresetPool: ['patchcore'],
  patchcoreScore: ['patchcore'],
  refine: NORMAL,
};

/** The methods for which a row counts; null when it counts for all. */
export const methodsOf = (name: ParamName): readonly MethodName[] | null => ONLY[name] ?? null;

/** Whether a row changes anything for the method that is set. */
export const isRelevant = (name: ParamName, { method }: Pick<Params, 'method'>): boolean =>
  ONLY[name]?.includes(method) ?? true;
