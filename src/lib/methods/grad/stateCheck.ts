// Checks the state of a training run that comes from a file. As with a model's config, damage must show in words
// and not in a run that silently goes another way.
import { PARAMS } from '../../../settings/table';
import { BadModelFile } from './errors';
import { parseObject, type Check } from './configCheck';
import type { TrainState } from './trainState';

/** A TrainState whose optimiser's moments are stored as tensors elsewhere. */
export type StoredTrainState = Omit<TrainState, 'optimiser'> & { optimiserSteps: number };

const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isPositive: Check = (value) => isNumber(value) && (value as number) > 0;
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isWord: Check = (value) => isCount(value) && (value as number) < 2 ** 32;
const isRecipe: Check = (value) => PARAMS.fbpRecipe.options.some((option) => option.value === value);
const isSource: Check = (value) => PARAMS.anomalySource.options.some((option) => option.value === value);

const listOf =
  (check: Check, length?: number): Check =>
  (value) =>
    Array.isArray(value) && value.every(check) && (length === undefined || value.length === length);

const objectOf =
  (checks: Record<string, Check>): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(checks).every(([key, check]) => check((value as Record<string, unknown>)[key]));
  };

const isPermutation: Check = (value) =>
  listOf(isCount)(value) &&
  [...(value as number[])].sort((a, b) => a - b).every((index, position) => index === position);

const CHECKS: Record<keyof StoredTrainState, Check> = {
  config: objectOf({
    seed: isCount,
    epochs: listOf(isCount, 2),
    batch: (value) => isCount(value) && value !== 0,
    learningRate: isPositive,
    gridLearningRate: isPositive,
    anomalySource: isSource,
    anomalyNoise: isNumber,
    fbpRecipe: isRecipe,
    fbpIntensity: listOf(isNumber, 2),
    sigma: isNumber,
  }),
  position: objectOf({ stage: (value) => value === 1 || value === 2, epoch: isCount, batch: isCount }),
  order: isPermutation,
  streams: objectOf({ order: listOf(isWord, 4), fbp: listOf(isWord, 4), jitter: listOf(isWord, 4) }),
  losses: objectOf({ 1: listOf(isNumber), 2: listOf(isNumber) }),
  optimiserSteps: isCount,
};

/** What runs did before there was a choice: files of that time do not say. */
const OLDER = { anomalySource: 'fbp', anomalyNoise: 0 };

/** The state in this JSON text. @throws BadModelFile naming the first part that is wrong */
export function parseTrainState(text: string): StoredTrainState {
  const stored = parseObject(text, 'its training state');
  const value: Record<string, unknown> = {
    ...stored,
    config: { ...OLDER, ...(stored['config'] as object | null) },
  };
  for (const [field, check] of Object.entries(CHECKS)) {
    if (!check(value[field])) throw new BadModelFile(`its training state has no valid ${field}`);
  }
  return value as unknown as StoredTrainState;
}
