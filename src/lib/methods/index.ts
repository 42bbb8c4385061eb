// What other programs import as `grad-playground/methods`: the list of methods with their options, how each is fitted,
// answers and is stored, and what a method of one's own is made with (docs/adding-a-method.md).
export { METHODS, type BaselineId, type MethodId } from './list';
export type { MethodAbout } from './about';
export * from './options';
export { methodOf, register, registeredMethods } from './registry';
export {
  defineMethod,
  type Detector,
  type DetectorConfig,
  type FitContext,
  type InputShape,
  type MethodDefinition,
  type StoredTensor,
} from './detector';
export { readDetector, writeDetector } from './detectorFile';
export { configIn, readTensors, size, storedTensor } from './stored';
export { BadModelFile, UnknownMethod } from './errors';
export { fitInSteps, learn, type FitPlan, type FitProgress, type FitSteps } from '../nn/fit';
export { TrainControl } from '../nn/control';
export { NoCheckpoint, NothingToTrain, TrainingDiverged } from '../nn/errors';
