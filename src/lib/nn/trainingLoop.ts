// The one loop of all that learns by gradient: seeded, in phases, resumable, and considerate (it waits for the GPU,
// lets messages through between steps and obeys a TrainControl). What is learned, and its loss, is the caller's.
import { faults } from '../gpu/faults';
import { leanVariableGrads } from '../gpu/tape';
import { tf } from '../gpu/tf';
import type { SaveRun, TrainControl } from './control';
import { NothingToTrain, TrainingDiverged } from './errors';
import { LossReader } from './lossReader';
import { Adam, type OptimiserState, type ParameterGroup } from './optimiser';
import { Plan, type Position, type Schedule, type Skip } from './plan';
import { Random, type RandomState } from './random';
import { yieldToEventLoop } from '../gpu/yieldToEventLoop';

/** Training inputs, e.g. feature maps: each batch is [indices.length, H, W, C], disposed of by who asked for it. */
export interface InputSource {
  count: number;
  /** Where there is such a thing, to be awaited before `batch` of the same indices: some may have to be computed. */
  ready?(indices: readonly number[]): Promise<void>;
  batch(indices: readonly number[]): tf.Tensor4D;
  /**
   * One input seen anew with its image turned by so many eighths of a full turn each, [turns, H, W, C]; the caller disposes it.
   * Absent where there are no images to turn.
   */
  turned?(index: number, eighths: readonly number[]): Promise<tf.Tensor4D>;
}

/** The generator of one purpose, e.g. "feature noise": the same one, further on, at every call. */
export type Streams = (purpose: string) => Random;

/** One part of a training, with a fresh optimiser. */
export interface Phase {
  /** For messages, as in "stage 1"; null for a training of one part. */
  name: string | null;
  /** With 0 it is passed over. */
  epochs: number;
  groups: readonly ParameterGroup[];
  /** Global gradient norm above which gradients are scaled down; by default they never are. */
  clipNorm?: number;
  /** Factor on every learning rate; by default 1. */
  schedule?: Schedule;
  /** Which epochs are left out; by default none. Steps to do are counted as if none were. */
  skip?: Skip | undefined;
  /** Called before its first step; twice when the run goes on from just there. */
  begin?(): void;
  /** Awaited before the step on these inputs. */
  ready?(indices: readonly number[]): Promise<void>;
  /** Takes the inputs of one step, and gives its loss as a function of the parameters; both run inside a tidy. */
  lossOf(indices: readonly number[], random: Streams): () => tf.Scalar;
}

/** Where a training stands between two steps, as plain data; with the parameters all it takes to go on. */
export interface LoopState {
  /** The step to run next. */
  position: Position;
  /** This epoch's order of the inputs. */
  order: number[];
  /** Of every stream that has been used. */
  streams: Record<string, RandomState>;
  optimiser: OptimiserState;
  /** One loss per step, by phase. */
  losses: number[][];
}

export interface LoopProgress {
  phase: number;
  /** From 1, in this phase. */
  epoch: number;
  epochs: number;
  /** Steps done and to do over all phases. */
  step: number;
  steps: number;
  /** Losses of this phase that have been read since the last report, oldest first. */
  losses: number[];
}

export interface LoopOptions {
  phases: readonly Phase[];
  /** Training inputs. */
  count: number;
  /** Inputs per step; the last, smaller batch of an epoch is used too. */
  batch: number;
  seed: number;
  control: TrainControl;
  /** Called at most every few steps or 100 ms, and after every step while paused. */
  report(progress: LoopProgress): void;
  /** What to do about a loss that diverges. */
  remedy: string;
  /** The training as a file; null when its last step is done. Absent: it cannot be saved (NoCheckpoint). */
  save?(state: LoopState | null): Promise<ArrayBuffer>;
  /** State of an earlier run on the same inputs and phases. */
  resume?: LoopState | undefined;
}

export interface LoopResult {
  outcome: 'finished' | 'cancelled';
  /** Milliseconds each phase took, pauses included. */
  ms: number[];
  /** One loss per step, by phase. */
  losses: number[][];
}

/**
 * A phase has diverged when its loss is no number, or this many times its first loss or 1, whichever is larger: a first
 * loss near 0 (an input that is constant, say) says nothing of how large later ones may be.
 */
const DIVERGED = 1000;

/**
 * Trains the phases' parameters in place. Same seed and same adapter: same bits.
 * @throws NothingToTrain | TrainingDiverged | GpuFault; the parameters stay the caller's to dispose of
 */
export function train(options: LoopOptions): Promise<LoopResult> {
  const { count, control } = options;
  return governed(count, control, async () => {
    const loop = new Loop(options);
    try {
      const outcome = await loop.run();
      await control.answer(loop.save);
      return loop.result(outcome);
    } finally {
      await loop.dispose();
    }
  });
}

/**
 * What every training and fit keeps to: none without inputs, and a failure is told to those who wait for a checkpoint.
 * @throws NothingToTrain, and what `run` throws
 */
export async function governed<T>(count: number, control: TrainControl, run: () => Promise<T>): Promise<T> {
  if (count === 0) throw new NothingToTrain();
  try {
    return await run();
  } catch (error) {
    control.fail(error);
    throw error;
  }
}

/** Streams under a seed, each named for its purpose and started once, or where an earlier run left it. */
export function streamsOf(seed: number, left: Readonly<Record<string, RandomState>> = {}): Streams {
  const streams = new Map(Object.entries(left).map(([purpose, state]) => [purpose, Random.restore(state)]));
  return (purpose) => {
    const stream = streams.get(purpose) ?? Random.stream(seed, purpose);
    streams.set(purpose, stream);
    return stream;
  };
}

/** One training: where it stands, its generators and its optimiser. */
class Loop {
  readonly #plan: Plan;
  readonly #losses: number[][];
  readonly #ms: number[];
  readonly #reader = new LossReader();
  readonly #purposes: Set<string>;
  readonly #streams: Streams;
  /** The step to run next; null after the last. */
  #position: Position | null;
  #order: number[];
  #optimiser: Adam | null;

  constructor(private readonly options: LoopOptions) {
    const { phases, count, batch, seed, resume } = options;
    const streams = streamsOf(seed, resume?.streams);
    this.#purposes = new Set(Object.keys(resume?.streams ?? {}));
    this.#streams = (purpose) => (this.#purposes.add(purpose), streams(purpose));
    const epochs = phases.map((phase) => phase.epochs);
    this.#plan = new Plan(epochs, Math.ceil(count / batch));
    this.#losses = phases.map((_, phase) => [...(resume?.losses[phase] ?? [])]);
    this.#ms = phases.map(() => 0);
    this.#position = resume ? resume.position : this.#plan.first;
    this.#order = resume?.order ?? this.#streams('order').permutation(count);
    this.#optimiser = this.#position && this.#newOptimiser(this.#position, resume?.optimiser);
  }

  async run(): Promise<LoopResult['outcome']> {
    const { control, phases } = this.options;
    while (this.#position) {
      const { phase } = this.#position;
      const start = performance.now();
      // A person who pauses wants to see where the loss stands.
      if (control.paused) this.#collect(phase, await this.#reader.drain());
      if (!(await control.next(this.save))) {
        this.#collect(phase, await this.#reader.drain());
        return 'cancelled';
      }
      const indices = this.#indicesOf(this.#position);
      if (this.#position.epoch === 0 && this.#position.batch === 0) phases[phase]!.begin?.();
      await phases[phase]!.ready?.(indices);
      this.#reader.push(this.#step(this.#position, indices));
      this.#advance(this.#position, await this.#epochAfter(this.#position));
      const ends = (this.#position as Position | null)?.phase !== phase;
      this.#collect(phase, await (ends ? this.#reader.drain() : this.#reader.poll()));
      await yieldToEventLoop();
      this.#ms[phase]! += performance.now() - start;
    }
    return 'finished';
  }

  async dispose(): Promise<void> {
    this.#optimiser?.dispose();
    await this.#reader.dispose();
  }

  /** Where the run stands, in a file of the caller's making; undefined where the caller makes none. */
  get save(): SaveRun | undefined {
    const { save } = this.options;
    return save && (async () => save(await this.#state()));
  }

  result(outcome: LoopResult['outcome']): LoopResult {
    return { outcome, ms: this.#ms, losses: this.#losses };
  }

  async #state(): Promise<LoopState | null> {
    const position = this.#position;
    if (!position) return null;
    this.#collect(position.phase, await this.#reader.drain());
    const streams = [...this.#purposes].map((purpose) => [purpose, this.#streams(purpose).state]);
    return {
      position,
      order: this.#order,
      streams: Object.fromEntries(streams) as LoopState['streams'],
      optimiser: await this.#optimiser!.state(),
      losses: this.#losses,
    };
  }

  /** The inputs of a step. */
  #indicesOf({ batch }: Position): number[] {
    const { batch: size } = this.options;
    return this.#order.slice(batch * size, (batch + 1) * size);
  }

  /** One optimiser step; its loss is still on the GPU. */
  #step({ phase, epoch }: Position, indices: readonly number[]): tf.Scalar {
    const { lossOf, schedule, epochs } = this.options.phases[phase]!;
    const optimiser = this.#optimiser!;
    const { variables } = optimiser;
    return tf.tidy(() => {
      const { value, grads } = leanVariableGrads(lossOf(indices, this.#streams), variables);
      const gradients = variables.map(({ name }) => grads[name]!);
      optimiser.apply(gradients, schedule?.(epoch, epochs));
      return value;
    });
  }

  /** The epoch to run after this step's, where some may be left out; its losses are waited for then. */
  async #epochAfter({ phase, epoch, batch }: Position): Promise<number | undefined> {
    const { skip, epochs } = this.options.phases[phase]!;
    const { batches } = this.#plan;
    if (!skip || batch + 1 < batches) return undefined;
    this.#collect(phase, await this.#reader.drain());
    const losses = this.#losses[phase]!;
    const means = Array.from({ length: Math.floor(losses.length / batches) }, (_, i) => {
      const ofEpoch = losses.slice(i * batches, (i + 1) * batches);
      return ofEpoch.reduce((sum, loss) => sum + loss, 0) / batches;
    });
    return skip(epoch, epochs, means);
  }

  /** Moves on: a new epoch draws a new order, a new phase gets a fresh optimiser. */
  #advance(done: Position, nextEpoch?: number): void {
    const next = this.#plan.after(done, nextEpoch);
    this.#position = next;
    if (next?.batch === 0) this.#order = this.#streams('order').permutation(this.options.count);
    if (next?.phase === done.phase) return;
    this.#optimiser!.dispose();
    this.#optimiser = next && this.#newOptimiser(next);
  }

  #newOptimiser({ phase }: Position, state?: OptimiserState): Adam {
    const { groups, clipNorm } = this.options.phases[phase]!;
    return new Adam(groups, { clipNorm, state });
  }

  /** Keeps and reports losses that have arrived. @throws TrainingDiverged | GpuFault */
  #collect(phase: number, arrived: number[]): void {
    faults.check();
    if (arrived.length === 0) return;
    const losses = this.#losses[phase]!;
    losses.push(...arrived);
    const { name, epochs } = this.options.phases[phase]!;
    const epoch = Math.ceil(losses.length / this.#plan.batches);
    // Written so that NaN counts as diverged.
    const diverged = arrived.find((loss) => !(loss <= DIVERGED * Math.max(losses[0]!, 1)));
    if (diverged !== undefined) throw new TrainingDiverged(name, epoch, diverged, this.options.remedy);
    const step = this.#losses.reduce((sum, { length }) => sum + length, 0);
    this.options.report({ phase, epoch, epochs, step, steps: this.#plan.steps, losses: arrived });
  }
}
