// GRAD's training: what the two stages are to the training loop, and the run's state as its checkpoints have it.
import { tf } from '../../gpu/tf';
import type { TrainControl } from '../../nn/control';
import { skipPlateaus, tenthAfter } from '../../nn/plan';
import { Random } from '../../nn/random';
import { train as trainPhases, type LoopState, type Phase } from '../../nn/trainingLoop';
import type { FeatureSource } from './anomalies';
import type { BiGrid } from './biGrid';
import { saveModel } from './checkpoint';
import { CLIP_NORM, WEIGHT_DECAY, type TrainConfig } from './config';
import { deviationsOf, measureReading } from './measureReading';
import { drawnOnImages } from './options';
import { beginStage, stageEpochs, STAGES, stageLoss, trainableParameters, type Stage } from './stages';
import { STREAMS, type StreamName, type TrainState } from './state';

export interface TrainProgress {
  stage: Stage;
  /** From 1. */
  epoch: number;
  epochs: number;
  /** Steps done and to do over both stages. */
  step: number;
  steps: number;
  /** Losses that have been read since the last report, oldest first, of this stage. */
  losses: number[];
}

export interface TrainResult {
  outcome: 'finished' | 'cancelled';
  /** Milliseconds each stage took, pauses included; 0 for a stage the method does not have. */
  stageMs: [number, number];
  losses: Record<Stage, number[]>;
}

/** Share of a stage's epochs. */
const FULL_RATE = 0.8;

const REMEDY =
  'Lower the learning rates or the training intensity, or start from another seed; images already loaded are kept.';

/**
 * Trains the model in place. Reports at most every few steps or 100 ms, and after every step while paused.
 * @param resume state of an earlier run on the same images (loadModel() gives it with its model)
 * @throws NothingToTrain | TrainingDiverged | GpuFault; what the GPU reports fails the run
 */
export async function train(
  model: BiGrid,
  source: FeatureSource,
  config: TrainConfig,
  control: TrainControl,
  onStep: (progress: TrainProgress) => void,
  resume?: TrainState,
): Promise<TrainResult> {
  const deviations = needsDeviations(model, config) ? await deviationsOf(source, config.batch) : null;
  const { outcome, ms, losses } = await trainPhases({
    phases: STAGES.map((stage) => phaseOf(stage, model, source, { ...config, deviations })),
    ...{ count: source.count, batch: config.batch, seed: config.seed, control, remedy: REMEDY },
    report: ({ phase, ...progress }) => onStep({ stage: STAGES[phase]!, ...progress }),
    save: (state) => saveModel(model, state && trainState(config, state)),
    resume: resume && loopState(resume),
  });
  if (outcome === 'finished') await measureReading(model, source, config);
  return { outcome, stageMs: [ms[0]!, ms[1]!], losses: { 1: losses[0]!, 2: losses[1]! } };
}

/** Whether stage 1 pastes blocks of random direction. */
const needsDeviations = ({ config: { method } }: BiGrid, { direction, anomalySource, epochs }: TrainConfig) =>
  direction === 'random' &&
  (anomalySource === 'fbp' || anomalySource === 'masks-fbp') &&
  stageEpochs(method, epochs)[0] > 0;

function phaseOf(
  stage: Stage,
  model: BiGrid,
  source: FeatureSource,
  { deviations, ...config }: TrainConfig & { deviations: Float32Array | null },
): Phase {
  // Drawn copies come from elsewhere.
  const fromImages = stage === 2 || !drawnOnImages(config.anomalySource);
  return {
    name: `stage ${stage}`,
    epochs: stageEpochs(model.config.method, config.epochs)[stage - 1]!,
    groups: [
      {
        parameters: trainableParameters(model, stage, config.freeze),
        learningRate: config.learningRate,
        tableLearningRate: config.gridLearningRate,
        weightDecay: WEIGHT_DECAY,
      },
    ],
    clipNorm: CLIP_NORM,
    // Full, then a tenth (METHOD: the paper's section on training).
    schedule: tenthAfter(FULL_RATE),
    skip: config.plateau > 0 ? skipPlateaus(config.plateau, FULL_RATE) : undefined,
    begin: () => beginStage(stage, model),
    ready: async (indices) => (fromImages ? source.ready?.(indices) : undefined),
    lossOf: (indices, random) =>
      stageLoss(stage, model, source, indices, config, random, deviations && tf.tensor1d(deviations)),
  };
}

/** The run's state as a checkpoint holds it: by stage, with every stream whether it has been used or not. */
function trainState(
  config: TrainConfig,
  { position, order, streams, optimiser, losses }: LoopState,
): TrainState {
  const { phase, ...within } = position;
  const stream = (name: StreamName) => streams[name] ?? Random.stream(config.seed, name).state;
  return {
    config,
    position: { stage: STAGES[phase]!, ...within },
    order,
    streams: Object.fromEntries(STREAMS.map((name) => [name, stream(name)])) as TrainState['streams'],
    optimiser,
    losses: { 1: losses[0]!, 2: losses[1]! },
  };
}

function loopState({ position, order, streams, optimiser, losses }: TrainState): LoopState {
  const { stage, ...within } = position;
  return {
    position: { phase: STAGES.indexOf(stage), ...within },
    order,
    streams,
    optimiser,
    losses: STAGES.map((each) => losses[each]),
  };
}
