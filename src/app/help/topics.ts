// What can be explained: every parameter of the table, and a few things on screen that are no parameters.
import type { ParamName } from '../../settings/table';

export type Topic =
  | ParamName
  | 'lesson'
  | 'pasting'
  | 'fusionValue'
  | 'threshold'
  | 'score'
  | 'histogram'
  | 'imageAuroc'
  | 'pixelAuroc'
  | 'mask'
  | 'camera'
  | 'trainImages'
  | 'testImages'
  | 'stages'
  | 'privacy'
  | 'adapter'
  | 'comparison'
  | 'comparedMethods'
  | 'comparedSeeds'
  | 'pairedDifference'
  | 'averagePrecision'
  | 'aupro'
  | 'f1Max'
  | 'syntheticAuroc'
  | 'curves'
  | 'detectability'
  | 'lineSource';
