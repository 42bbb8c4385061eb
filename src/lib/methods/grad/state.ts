// A model's config and the state of its training run as plain data, and how both are judged when they come from a
// file: a hostile or damaged one must fail with words, not with a huge allocation, NaN, or a run that silently goes
// another way.
import * as v from 'valibot';
import { count, finite, listOf, objectOf, oneOf } from '../../formats/schema';
import type { OptimiserState } from '../../nn/optimiser';
import type { RandomState } from '../../nn/random';
import { allowedBy, parseMetadata } from '../stored';
import type { ModelConfig, TrainConfig } from './config';
import { GRAD_ROWS, GRID_METHODS } from './options';
import { UNMEASURED, type Reading } from './reading';

export type Stage = 1 | 2;

/** The streams that training draws from, besides the start values. */
export const STREAMS = ['order', 'fbp', 'jitter'] as const;
export type StreamName = (typeof STREAMS)[number];

/** Where a training run stands between two steps: with the model's parameters all it takes to go on with the same bits. */
export interface TrainState {
  config: TrainConfig;
  /** The step to run next; epoch and batch count from 0. */
  position: { stage: Stage; epoch: number; batch: number };
  /** This epoch's order of the training images. */
  order: number[];
  streams: Record<StreamName, RandomState>;
  optimiser: OptimiserState;
  /** One loss per step, by stage. */
  losses: Record<Stage, number[]>;
}

/** A TrainState whose optimiser's moments are stored as tensors elsewhere. */
export type StoredTrainState = Omit<TrainState, 'optimiser'> & { optimiserSteps: number };

const LARGEST_MAP = 512;
const MOST_CHANNELS = 8192;
const MOST_STEPS = 2 ** 31;
/** One loss per step: a long run's are many. */
const LONGEST_STATE = 2 ** 29;

const upTo = (most: number) => v.pipe(count(1), v.maxValue(most, `is not at most ${most}`));

const MODEL = objectOf({
  method: oneOf(GRID_METHODS),
  channels: upTo(MOST_CHANNELS),
  height: upTo(LARGEST_MAP),
  width: upTo(LARGEST_MAP),
  decoder: allowedBy(GRAD_ROWS.decoder),
  blocks: allowedBy(GRAD_ROWS.blocks),
  expansion: allowedBy(GRAD_ROWS.expansion),
  localGrid: allowedBy(GRAD_ROWS.localGrid),
  globalGrid: allowedBy(GRAD_ROWS.globalGrid),
  fusion: allowedBy(GRAD_ROWS.fusion),
  lambda: allowedBy(GRAD_ROWS.lambda),
  coordinates: v.exactOptional(oneOf(['copied', 'own'])),
  gate: v.exactOptional(oneOf(['refine', 'sum'])),
});

const positive = v.pipe(
  finite,
  v.check((value) => value > 0, 'is not above 0'),
);
const word = v.pipe(count(), v.maxValue(2 ** 32 - 1, 'is not a word of 32 bits'));
const stream = v.tuple([word, word, word, word]);
const losses = listOf(finite, MOST_STEPS);

const isPermutation = (order: number[]) =>
  [...order].sort((a, b) => a - b).every((index, place) => index === place);

const STATE = objectOf({
  config: objectOf({
    seed: count(),
    batch: count(1),
    learningRate: positive,
    gridLearningRate: positive,
    // Files from before there was a choice do not say: blocks alone.
    anomalySource: v.optional(allowedBy(GRAD_ROWS.anomalySource), 'fbp'),
    anomalyNoise: v.optional(finite, 0),
    fbpRecipe: allowedBy(GRAD_ROWS.fbpRecipe),
    start: v.optional(allowedBy(GRAD_ROWS.gradStart), 'kaiming'),
    contrastive: v.optional(allowedBy(GRAD_ROWS.contrastive), 'mean'),
    jitter: v.optional(allowedBy(GRAD_ROWS.gridJitter), 'branch'),
    direction: v.optional(allowedBy(GRAD_ROWS.fbpDirection), 'ones'),
    masks: v.optional(allowedBy(GRAD_ROWS.stage1Masks), 'true'),
    freeze: v.optional(oneOf(['table', 'branch']), 'table'),
    plateau: v.optional(count(), 0),
    loss: v.optional(allowedBy(GRAD_ROWS.gradLoss), 'before'),
    nearQuantile: v.optional(v.nullable(allowedBy(GRAD_ROWS.nearQuantile)), null),
    sigma: finite,
    epochs: v.tuple([count(), count()]),
    fbpIntensity: v.tuple([finite, finite]),
  }),
  position: objectOf({ stage: oneOf([1, 2]), epoch: count(), batch: count() }),
  order: v.pipe(listOf(count(), MOST_STEPS), v.check(isPermutation, 'does not name every image once')),
  streams: objectOf({ order: stream, fbp: stream, jitter: stream }),
  losses: objectOf({ 1: losses, 2: losses }),
  optimiserSteps: count(),
});

const standard = objectOf({ mean: finite, deviation: positive });
const READING = objectOf({
  near: v.pipe(
    finite,
    v.check((value) => value >= 0, 'is below 0'),
  ),
  sum: v.nullable(objectOf({ map: standard, score: standard })),
});

/** The reading in this JSON text; files from before there was a choice have none. @throws BadModelFile */
export const parseReading = (json: string | undefined): Reading =>
  json === undefined ? UNMEASURED : parseMetadata(READING, json, 'how its map is read');

/** The config in this JSON text. @throws BadModelFile naming the first field that is wrong */
export const parseModelConfig = (json: string | undefined): ModelConfig =>
  parseMetadata(MODEL, json, 'its description');

/** The state in this JSON text. @throws BadModelFile naming the first part that is wrong */
export const parseTrainState = (json: string): StoredTrainState =>
  parseMetadata(STATE, json, 'its training state', LONGEST_STATE);
