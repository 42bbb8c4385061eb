// The training loop of every rival method that learns by gradient: epochs and batches in a seeded order, one Adam step
// each, polite to whoever holds the reins (TrainControl). What is learned, and its loss, is the method's own business;
// GRAD's two resumable stages are ../trainer.ts.
import { faults } from '../gpu/faults';
import { tf } from '../gpu/tf';
import { NothingToTrain, TrainingDiverged } from '../methods/grad/errors';
import { LossReader } from './lossReader';
import { nextTask } from './yieldToEventLoop';
import { Random } from './random';
import { GroupedAdam, type ParameterGroup } from './adam';
import type { FitContext } from '../methods/detector';
import { NoCheckpoint } from '../methods/errors';

export type { ParameterGroup } from './adam';

/** The generator of one purpose, e.g. "feature noise": the same one, further on, at every call. */
export type Streams = (purpose: string) => Random;

/** What to learn and how long. */
export interface FitPlan {
  groups: readonly ParameterGroup[];
  epochs: number;
  /** Inputs per step; the last, smaller batch of an epoch is used too. */
  batch: number;
  /** Global gradient norm above which gradients are scaled down; by default they never are. */
  clipNorm?: number;
  /** Factor on every learning rate in epoch `epoch` (from 0); by default 1. */
  schedule?: (epoch: number, epochs: number) => number;
  /** Loss of one batch [B, H, W, C], which belongs to the loop; runs inside a tidy. */
  loss(input: tf.Tensor4D, random: Streams): tf.Scalar;
  /** Steps of earlier phases, for progress: counted as done. */
  stepsBefore?: number;
}

/** A loss this many times the first one is no longer learning. */
const DIVERGED = 1000;

/**
 * Trains the plan's parameters in place. Reports at most every few steps or 100 ms, and after every step while
 * paused. Same seed and same adapter: same bits.
 * @returns one loss per step; null when the run was cancelled
 * @throws NothingToTrain | TrainingDiverged | GpuFault; the parameters stay the caller's to dispose of
 */
export async function fitLoop(context: FitContext, plan: FitPlan): Promise<number[] | null> {
  if (context.source.count === 0) throw new NothingToTrain();
  const run = new Run(context, plan);
  try {
    return await run.run();
  } catch (error) {
    context.control.fail(error);
    throw error;
  } finally {
    await run.dispose();
  }
}

/** The user's number of epochs, or the paper's where the user left it at 0. */
export function epochsOf({ params: { methodEpochs } }: FitContext, paper: number): number {
  return methodEpochs > 0 ? methodEpochs : paper;
}

/** Streams under a seed, each named for its purpose and started once. */
export function streamsOf(seed: number): Streams {
  const streams = new Map<string, Random>();
  return (purpose) => {
    const stream = streams.get(purpose) ?? Random.stream(seed, purpose);
    streams.set(purpose, stream);
    return stream;
  };
}

class Run {
  readonly #reader = new LossReader();
  readonly #losses: number[] = [];
  readonly #streams: Streams;
  readonly #adam: GroupedAdam;
  readonly #batches: number;
  readonly #variables: tf.Variable[];

  constructor(
    private readonly context: FitContext,
    private readonly plan: FitPlan,
  ) {
    this.#streams = streamsOf(context.params.seed);
    this.#adam = new GroupedAdam(plan.groups, plan.clipNorm);
    this.#variables = this.#adam.variables;
    this.#batches = Math.ceil(context.source.count / plan.batch);
  }

  async run(): Promise<number[] | null> {
    const { count } = this.context.source;
    for (let epoch = 0; epoch < this.plan.epochs; epoch++) {
      const order = this.#streams('order').permutation(count);
      for (let start = 0; start < count; start += this.plan.batch) {
        if (!(await this.#mayGoOn())) {
          // A read under way still holds its tensor.
          this.#collect(await this.#reader.drain());
          return null;
        }
        const indices = order.slice(start, start + this.plan.batch);
        await this.context.source.ready?.(indices);
        this.#reader.push(this.#step(indices, epoch));
        this.#collect(await this.#reader.poll());
        await nextTask();
      }
    }
    this.#collect(await this.#reader.drain());
    await this.context.control.answer(refuse);
    return this.#losses;
  }

  /** Waits for losses on their way, which hold a tensor until they arrive. */
  async dispose(): Promise<void> {
    await this.#reader.drain().catch(() => []);
    this.#adam.dispose();
    this.#reader.dispose();
  }

  async #mayGoOn(): Promise<boolean> {
    const { control } = this.context;
    // Whoever pauses wants to see where the loss stands.
    if (control.paused) this.#collect(await this.#reader.drain());
    if (await control.next(refuse)) return true;
    this.#collect(await this.#reader.drain());
    return false;
  }

  /** One optimiser step; its loss is still on the GPU. */
  #step(indices: readonly number[], epoch: number): tf.Scalar {
    return tf.tidy(() => {
      const input = this.context.source.batch(indices);
      const loss = () => this.plan.loss(input, this.#streams);
      const { value, grads } = tf.variableGrads(loss, this.#variables);
      const gradients = this.#variables.map(({ name }) => grads[name]!);
      this.#adam.apply(gradients, this.plan.schedule?.(epoch, this.plan.epochs));
      return value;
    });
  }

  /** Keeps and reports losses that have arrived. @throws TrainingDiverged | GpuFault */
  #collect(arrived: number[]): void {
    faults.check();
    if (arrived.length === 0) return;
    this.#losses.push(...arrived);
    const epoch = Math.ceil(this.#losses.length / this.#batches);
    // Written so that NaN counts as diverged.
    const diverged = arrived.find((loss) => !(loss <= DIVERGED * Math.max(this.#losses[0]!, 1)));
    if (diverged !== undefined) throw new TrainingDiverged(null, epoch, diverged);
    const { epochs, stepsBefore = 0 } = this.plan;
    this.context.report({
      phase: `epoch ${epoch} of ${epochs}`,
      step: stepsBefore + this.#losses.length,
      steps: stepsBefore + epochs * this.#batches,
      losses: arrived,
    });
  }
}

const refuse = (): Promise<ArrayBuffer> => Promise.reject(new NoCheckpoint());
