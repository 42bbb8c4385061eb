// A training run's checkpoint as it leaves the engine: the trainer's own file (model, optimiser, generators) plus what
// the run worked on (features, statistics, images), so that another engine, or this one after a reload, goes on with
// the same bits. Reading trusts nothing.
import { packSafetensors } from '../formats/packSafetensors';
import { readSafetensors } from '../formats/safetensors';
import type { BiGrid } from '../model/biGrid';
import { loadModel } from '../model/checkpoint';
import { parseModelConfig } from '../model/configCheck';
import { BadModelFile } from '../model/errors';
import { Plan } from '../model/plan';
import { parseTrainState, type StoredTrainState } from '../model/stateCheck';
import type { TrainState } from '../model/trainState';
import { describeAnswers, parseAnswers } from './modelFile';
import type { ModelState } from './modelState';
import type { ImageId, StageProgress, TrainingCheckpoint } from './types';

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
  file: ArrayBuffer;
}

const IMAGES = 'images';
const TRAINING = 'training';
const MOST_IMAGES = 1_000_000;

/**
 * The trainer's file with the rest, in a buffer of its own, and where the run stands in it.
 * @returns null when the run had already done its last step
 */
export function writeCheckpoint(
  trainer: ArrayBuffer,
  state: RunState,
  images: ImageId[],
): TrainingCheckpoint | null {
  const { tensors, metadata } = readSafetensors(trainer);
  const training = metadata[TRAINING];
  if (training === undefined) return null;
  const run = parseTrainState(training);
  const about = { answers: describeAnswers(state), [IMAGES]: JSON.stringify(images) };
  return {
    file: packSafetensors(tensors, { ...metadata, ...about }).buffer,
    progress: progressOf(run, parseModelConfig(metadata['model'])),
    losses: run.losses,
  };
}

function progressOf(run: StoredTrainState, { method }: BiGrid['config']): StageProgress {
  const { config, position, losses } = run;
  const plan = new Plan(method, config.epochs, Math.ceil(run.order.length / config.batch));
  const { stage } = position;
  return {
    stage,
    epoch: position.epoch + 1,
    epochs: plan.epochsOf(stage),
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
    return { model, position, state, images, file };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function parseImages(json: string | undefined): ImageId[] {
  let value: unknown;
  try {
    value = JSON.parse(json ?? 'null');
  } catch {
    value = null;
  }
  const ok =
    Array.isArray(value) && value.length <= MOST_IMAGES && value.every((id) => typeof id === 'string');
  if (!ok) throw new BadModelFile('it does not say on which images it was trained');
  return value as ImageId[];
}
