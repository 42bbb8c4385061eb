// A training run's checkpoint as it leaves the engine: the trainer's own file (model, optimiser, generators) plus what
// the run worked on (features, statistics, images), so that another engine, or this one after a reload, goes on with
// the same bits. Reading trusts nothing.
import * as v from 'valibot';
import { readSafetensors, writeSafetensors } from '../../lib/formats/safetensors';
import { listOf, objectOf } from '../../lib/formats/schema';
import type { BiGrid } from '../../lib/methods/grad/biGrid';
import { loadModel } from '../../lib/methods/grad/checkpoint';
import { BadModelFile } from '../../lib/methods/errors';
import { learnsFromMasks } from '../../lib/methods/grad/options';
import { stageEpochs } from '../../lib/methods/grad/stages';
import {
  parseModelConfig,
  parseTrainState,
  type StoredTrainState,
  type TrainState,
} from '../../lib/methods/grad/state';
import { parseMetadata } from '../../lib/methods/stored';
import { usedTilings, type TilingTable } from '../../lib/kernels/linear/tiling';
import { Plan } from '../../lib/nn/plan';
import { TILINGS } from '../adapter/tilings';
import { describeAnswers, parseAnswers } from '../models/modelFile';
import type { ModelState } from '../models/modelState';
import type { RealAnomalyList } from './realAnomalies';
import type { ImageId, StageProgress, TrainingCheckpoint } from '../api/types';

/** What a run works on, besides the model it trains. */
export type RunState = Pick<ModelState, 'features' | 'statistics'>;

/** A checkpoint ready to go on from. */
export interface RunCheckpoint {
  model: BiGrid;
  /** The step to run next, and everything it depends on. */
  position: TrainState;
  state: RunState;
  /** The training images in the order of their indices. */
  images: ImageId[];
  /** Real anomalies that its stage 1 learns from; null when it learns from others. */
  anomalies: Required<RealAnomalyList> | null;
  /** How long it has taken so far. */
  seconds: number;
  /** The tiles by which its products were made, where they were not the default: others would give other bits. */
  tilings: TilingTable;
  file: ArrayBuffer;
}

const IMAGES = 'images';
const ANOMALIES = 'anomalies';
const SECONDS = 'seconds';
const TILED = 'tilings';
const TRAINING = 'training';
const MOST_IMAGES = 1_000_000;

/**
 * The trainer's file with the rest, in a buffer of its own, and where the run stands in it.
 * @param seconds how long the run has taken so far
 * @returns null when the run had already done its last step
 */
export function writeCheckpoint(
  trainer: ArrayBuffer,
  state: RunState,
  images: ImageId[],
  anomalies: RunCheckpoint['anomalies'],
  seconds: number,
): TrainingCheckpoint | null {
  const { tensors, metadata } = readSafetensors(trainer);
  const training = metadata[TRAINING];
  if (training === undefined) return null;
  const run = parseTrainState(training);
  const about = {
    answers: describeAnswers(state),
    [IMAGES]: JSON.stringify(images),
    ...(anomalies && { [ANOMALIES]: JSON.stringify(anomalies) }),
    [SECONDS]: `${seconds}`,
    ...(Object.keys(usedTilings()).length > 0 && { [TILED]: JSON.stringify(usedTilings()) }),
  };
  return {
    file: writeSafetensors(tensors, { ...metadata, ...about }),
    progress: progressOf(run, parseModelConfig(metadata['model'])),
    losses: run.losses,
  };
}

function progressOf(run: StoredTrainState, { method }: BiGrid['config']): StageProgress {
  const { config, position, losses } = run;
  const epochs = stageEpochs(method, config.epochs);
  const plan = new Plan(epochs, Math.ceil(run.order.length / config.batch));
  const { stage } = position;
  return {
    stage,
    epoch: position.epoch + 1,
    epochs: epochs[stage - 1]!,
    step: losses[1].length + losses[2].length,
    steps: plan.steps,
    loss: losses[stage].at(-1) ?? losses[1].at(-1) ?? NaN,
    secondsLeft: null,
  };
}

/** @throws BadSafetensors, BadModelFile; nothing is left on the GPU then */
export function readCheckpoint(file: ArrayBuffer): RunCheckpoint {
  const { model, state: position, metadata } = loadModel(file);
  try {
    if (!position) throw new BadModelFile('there is no unfinished training in it');
    const state = parseAnswers(metadata['answers'], model.config.channels);
    const images = parseImages(metadata[IMAGES]);
    if (images.length !== position.order.length) {
      throw new BadModelFile('its order of images does not fit its images');
    }
    const anomalies = parseAnomalies(metadata[ANOMALIES]);
    if (learnsFromMasks(position.config.anomalySource) && position.position.stage === 1 && !anomalies)
      throw new BadModelFile('it does not say from which anomalous images it learned');
    const seconds = parseSeconds(metadata[SECONDS]);
    const tilings = metadata[TILED] === undefined ? {} : parseMetadata(TILINGS, metadata[TILED], 'its tiles');
    return { model, position, state, images, anomalies, seconds, tilings, file };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** A checkpoint of an earlier version does not say; then the time counts from here on. */
function parseSeconds(text: string | undefined): number {
  const seconds = Number(text);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}

const IMAGE_LIST = listOf(v.string(), MOST_IMAGES);

const parseImages = (json: string | undefined): ImageId[] =>
  parseMetadata(IMAGE_LIST, json, 'its list of training images');

const ANOMALY_LIST = objectOf({
  ids: v.pipe(IMAGE_LIST, v.minLength(1, 'names no image')),
  masks: v.custom<number>(Number.isSafeInteger, 'is not a checksum'),
});

function parseAnomalies(json: string | undefined): RunCheckpoint['anomalies'] {
  if (json === undefined) return null;
  return { kind: 'masks', ...parseMetadata(ANOMALY_LIST, json, 'its list of anomalous images') };
}
