// What a model is and how it is trained: plain data, the paper's symbols beside each field. Values come from the
// options (options.ts); the constants below are the paper's and cannot be chosen.
import type { InputShape } from '../detector';
import {
  learnsFromMasks,
  type AnomalySource,
  type DecoderKind,
  type FbpRecipe,
  type FusionKind,
  type GradOptions,
  type GridMethod,
} from './options';

/** Everything that fixes the shapes of a model's parameters and what its branches compute. */
export interface ModelConfig {
  method: GridMethod;
  /** Shape of phi: C channels on H x W cells. */
  channels: number;
  height: number;
  width: number;
  decoder: DecoderKind;
  /** Blocks of each branch's decoder. */
  blocks: number;
  /** Width inside a mobile block as a multiple of 2C; the basic decoder ignores it. */
  expansion: number;
  /** Rl and Rg: cells per side of the local and the global table. */
  localGrid: number;
  globalGrid: number;
  fusion: FusionKind;
  /** The paper's lambda, used when `fusion` is 'lambda'. */
  lambda: number;
  /** Whose coordinates the abnormal grid is looked up at; absent: shared, as in files from before there was a choice. */
  coordinates?: 'copied' | 'own';
  /** How channel 0 of the abnormal branch is heard in the map besides the sum; absent: not at all. */
  gate?: 'refine' | 'sum';
}

/** Everything a training run depends on besides the model and the images. */
export interface TrainConfig {
  seed: number;
  /** Epochs of stage 1 and stage 2. */
  epochs: readonly [number, number];
  batch: number;
  learningRate: number;
  /** Learning rate of the grid tables. */
  gridLearningRate: number;
  /** What stage 1 learns to find. */
  anomalySource: AnomalySource;
  /** Standard deviation of the source 'gaussian', in sigma. */
  anomalyNoise: number;
  fbpRecipe: FbpRecipe;
  start: GradOptions['gradStart'];
  contrastive: GradOptions['contrastive'];
  jitter: GradOptions['gridJitter'];
  /** What a block does to the channels. */
  direction: GradOptions['fbpDirection'];
  /** Whether stage 1 is told where the anomalies are. */
  masks: GradOptions['stage1Masks'];
  /** What of the abnormal branch stage 2 leaves alone. */
  freeze: 'table' | 'branch';
  /** Epochs that have to gain something, or a stage ends early; 0: it never does. */
  plateau: number;
  /** Where stage 2 takes its error: before the refinement or after it. */
  loss: GradOptions['gradLoss'];
  /** Of the refinement's k, in percent; null: the raw 10. */
  nearQuantile: number | null;
  /** Range of the intensity I, in sigma; for random directions in each channel's standard deviation. */
  fbpIntensity: readonly [number, number];
  /** Sigma: the standard deviation over all elements of the training phi; the unit of I and of the noise. */
  sigma: number;
}

/** Global gradient norm above which gradients are scaled down. */
export const CLIP_NORM = 0.1;
/** AdamW's decay, applied to every parameter. */
export const WEIGHT_DECAY = 0.01;
/** Standard deviation of the noise on the local coordinates, and the share of batches that get it. */
export const JITTER = { deviation: 0.05, probability: 0.5 } as const;
/** Margin th of the contrastive loss. */
export const CONTRASTIVE_MARGIN = 0.5;
/** Start value of the learned fusion weight w. */
export const INITIAL_FUSION_WEIGHT = -0.2;

/** The model that the options describe, for feature maps of this shape. */
export function modelConfig(options: GradOptions, { height, width, channels }: InputShape): ModelConfig {
  const { method, decoder, expansion, fusion, lambda } = options;
  const { blocks, localGrid, globalGrid } = sizesOf(options);
  const { coordinates, gate } = readingsOf(options);
  return {
    ...{ method, channels, height, width, decoder, blocks, expansion },
    ...{ localGrid, globalGrid, fusion, lambda },
    ...(method === 'grad' && coordinates !== 'shared' && { coordinates }),
    ...(method === 'grad' && gate !== 'none' && { gate }),
  };
}

/** Of one grid; of the normal grid alone, on request, about as many parameters as GRAD's two grids have. */
function sizesOf({ method, gridWidth, blocks, localGrid, globalGrid }: GradOptions) {
  if (method !== 'normal-grid' || gridWidth === 'single') return { blocks, localGrid, globalGrid };
  const twice = (side: number) => Math.ceil(side * Math.SQRT2);
  return { blocks: 2 * blocks, localGrid: twice(localGrid), globalGrid: twice(globalGrid) };
}

/** Readings of the paper; automatic ones hear a frozen branch where real defects taught it, and are the paper's else. */
function readingsOf({ anomalySource, gradFreeze, gradCoordinates, gradGate }: GradOptions) {
  const real = learnsFromMasks(anomalySource);
  const freeze = gradFreeze !== 'auto' ? gradFreeze : real ? 'branch' : 'table';
  const coordinates = gradCoordinates !== 'auto' ? gradCoordinates : real ? 'own' : 'shared';
  const gate = gradGate !== 'auto' ? gradGate : real ? 'sum' : 'none';
  return { freeze, coordinates, gate } as const;
}

/** The training run that the options describe; `sigma` is the standard deviation of the training features. */
export function trainConfig(options: GradOptions, sigma: number): TrainConfig {
  const { seed, epochs1, epochs2, batch, learningRate, gridLearningRate } = options;
  const { anomalySource, anomalyNoise, fbpRecipe, fbpIntensityMin: from, fbpIntensityMax: to } = options;
  const { gradStart: start, contrastive, gridJitter: jitter } = options;
  const {
    fbpDirection: direction,
    stage1Masks: masks,
    gradLoss: loss,
    near,
    nearQuantile,
    plateau,
  } = options;
  const unit = options.fbpUnit === 'raw' ? sigma : 1;
  return {
    ...{ seed, batch, learningRate, gridLearningRate, anomalySource, anomalyNoise, fbpRecipe, sigma },
    ...{ start, contrastive, jitter, direction, masks, loss, plateau, freeze: readingsOf(options).freeze },
    nearQuantile: near === 'quantile' ? nearQuantile : null,
    epochs: [epochs1, epochs2],
    // A range entered the wrong way round is still a range.
    fbpIntensity: [Math.min(from, to) / unit, Math.max(from, to) / unit],
  };
}
