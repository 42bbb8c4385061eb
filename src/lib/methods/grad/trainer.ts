// The two-stage training loop: seeded, resumable, and polite (it waits for the GPU, lets messages through between
// steps and obeys a TrainControl). What a stage trains is in stages.ts, the update in optimiser.ts.
import { faults } from '../../gpu/faults';
import { tf } from '../../gpu/tf';
import { drawnOnImages } from '../../../settings/anomalies';
import type { FeatureSource } from './anomalies';
import type { BiGrid } from './biGrid';
import { saveModel } from './checkpoint';
import type { TrainConfig } from './config';
import { NothingToTrain, TrainingDiverged } from './errors';
import { LossReader } from '../../nn/lossReader';
import { nextTask } from '../../nn/yieldToEventLoop';
import { AdamW, type OptimiserState } from '../../nn/optimiser';
import { Plan, type Position, type Stage } from './plan';
import { Random } from '../../nn/random';
import { learningRateFactor } from '../../nn/schedule';
import { stageInput, stageLoss, trainableParameters } from './stages';
import type { TrainControl } from '../../nn/control';
import type { StreamName, TrainState } from './trainState';

export type { FeatureSource } from './anomalies';

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

/** A loss this many times its stage's first one is no longer learning. */
const DIVERGED = 1000;

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
  if (source.count === 0) throw new NothingToTrain();
  const run = new Run(model, source, config, onStep, resume);
  try {
    const outcome = await run.run(control);
    await control.answer(() => run.save());
    return run.result(outcome);
  } catch (error) {
    control.fail(error);
    throw error;
  } finally {
    run.dispose();
  }
}

/** One training run: where it stands, its generators and its optimiser. */
class Run {
  readonly #plan: Plan;
  readonly #streams: Record<StreamName, Random>;
  readonly #losses: Record<Stage, number[]>;
  readonly #reader = new LossReader();
  readonly #stageMs: [number, number] = [0, 0];
  /** The step to run next; null after the last. */
  #position: Position | null;
  #order: number[];
  #optimiser: AdamW | null;

  constructor(
    private readonly model: BiGrid,
    private readonly source: FeatureSource,
    private readonly config: TrainConfig,
    private readonly onStep: (progress: TrainProgress) => void,
    resume?: TrainState,
  ) {
    this.#plan = new Plan(model.config.method, config.epochs, Math.ceil(source.count / config.batch));
    const stream = (name: StreamName) =>
      resume ? Random.restore(resume.streams[name]) : Random.stream(config.seed, name);
    this.#streams = { order: stream('order'), fbp: stream('fbp'), jitter: stream('jitter') };
    this.#losses = { 1: [...(resume?.losses[1] ?? [])], 2: [...(resume?.losses[2] ?? [])] };
    this.#position = resume ? resume.position : this.#plan.first;
    this.#order = resume?.order ?? this.#streams.order.permutation(source.count);
    this.#optimiser = this.#position && this.#newOptimiser(this.#position.stage, resume?.optimiser);
  }

  async run(control: TrainControl): Promise<TrainResult['outcome']> {
    const save = () => this.save();
    while (this.#position) {
      const { stage } = this.#position;
      const start = performance.now();
      // Whoever pauses wants to see where the loss stands.
      if (control.paused) this.#collect(stage, await this.#reader.drain());
      if (!(await control.next(save))) {
        this.#collect(stage, await this.#reader.drain());
        return 'cancelled';
      }
      const indices = this.#indicesOf(this.#position);
      // Drawn copies come from elsewhere.
      if (stage === 2 || !drawnOnImages(this.config.anomalySource)) await this.source.ready?.(indices);
      this.#reader.push(this.#step(this.#position, indices));
      this.#advance(this.#position);
      const ends = (this.#position as Position | null)?.stage !== stage;
      this.#collect(stage, await (ends ? this.#reader.drain() : this.#reader.poll()));
      await nextTask();
      this.#stageMs[stage - 1]! += performance.now() - start;
    }
    return 'finished';
  }

  dispose(): void {
    this.#optimiser?.dispose();
    this.#reader.dispose();
  }

  /** The images of a step. */
  #indicesOf({ batch }: Position): number[] {
    const { batch: size } = this.config;
    return this.#order.slice(batch * size, (batch + 1) * size);
  }

  /** One optimiser step; its loss is still on the GPU. */
  #step({ stage, epoch }: Position, indices: readonly number[]): tf.Scalar {
    const { config, model } = this;
    const optimiser = this.#optimiser!;
    const variables = optimiser.parameters.map(({ variable }) => variable);
    return tf.tidy(() => {
      const input = stageInput(stage, this.source, indices, config, this.#streams);
      const loss = () => stageLoss(model, input, this.#streams);
      const { value, grads } = tf.variableGrads(loss, variables);
      const gradients = variables.map(({ name }) => grads[name]!);
      optimiser.apply(gradients, learningRateFactor(epoch, this.#plan.epochsOf(stage)));
      return value;
    });
  }

  /** Moves on: a new epoch draws a new order, a new stage gets a fresh optimiser. */
  #advance(done: Position): void {
    const next = this.#plan.after(done);
    this.#position = next;
    if (next?.batch === 0) this.#order = this.#streams.order.permutation(this.source.count);
    if (next?.stage === done.stage) return;
    this.#optimiser!.dispose();
    this.#optimiser = next && this.#newOptimiser(next.stage);
  }

  #newOptimiser(stage: Stage, state?: OptimiserState): AdamW {
    return new AdamW(trainableParameters(this.model, stage), this.config, state);
  }

  /** Keeps and reports losses that have arrived. @throws TrainingDiverged | GpuFault */
  #collect(stage: Stage, arrived: number[]): void {
    faults.check();
    if (arrived.length === 0) return;
    const losses = this.#losses[stage];
    losses.push(...arrived);
    const epoch = Math.ceil(losses.length / this.#plan.batches);
    // Written so that NaN counts as diverged.
    const diverged = arrived.find((loss) => !(loss <= DIVERGED * losses[0]!));
    if (diverged !== undefined) throw new TrainingDiverged(stage, epoch, diverged);
    const step = this.#losses[1].length + this.#losses[2].length;
    const { steps } = this.#plan;
    this.onStep({ stage, epoch, epochs: this.#plan.epochsOf(stage), step, steps, losses: arrived });
  }

  /** The model, and where the run stands if it is not over. */
  async save(): Promise<ArrayBuffer> {
    const position = this.#position;
    if (!position) return saveModel(this.model);
    this.#collect(position.stage, await this.#reader.drain());
    return saveModel(this.model, {
      config: this.config,
      position,
      order: this.#order,
      streams: {
        order: this.#streams.order.state,
        fbp: this.#streams.fbp.state,
        jitter: this.#streams.jitter.state,
      },
      optimiser: await this.#optimiser!.state(),
      losses: this.#losses,
    });
  }

  result(outcome: TrainResult['outcome']): TrainResult {
    return { outcome, stageMs: this.#stageMs, losses: this.#losses };
  }
}
