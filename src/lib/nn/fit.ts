// Fits in one go, which are not resumed: learn() by gradient, in the training loop; fitInSteps() without gradients, step
// by step under the same control. What is fitted is the caller's.
import { settle } from '../gpu/backend';
import type { tf } from '../gpu/tf';
import type { TrainControl } from './control';
import { governed, train, type InputSource, type Phase, type Streams } from './trainingLoop';
import { yieldToEventLoop } from '../gpu/yieldToEventLoop';

/** How far a fit has come; one with several phases counts their steps together. */
export interface FitProgress {
  /** What is being done, for the status line: "coreset", "epoch 3 of 20". */
  phase: string;
  step: number;
  steps: number;
  /** Losses read since the last report, oldest first; empty for a method without one. */
  losses: number[];
}

/** What a fit in one go works with, whatever it fits. */
export interface FitWork {
  source: InputSource;
  seed: number;
  /** Inputs per step. */
  batch: number;
  /** Obeyed between steps. */
  control: TrainControl;
  report(progress: FitProgress): void;
}

/** What to learn by gradient, in one phase, and how long. */
export interface FitPlan extends Pick<Phase, 'groups' | 'clipNorm' | 'schedule' | 'epochs'> {
  /** Inputs per step, where that differs from the fit's. */
  batch?: number;
  /** Loss of one batch [B, H, W, C], which belongs to the loop; runs inside a tidy. */
  loss(input: tf.Tensor4D, random: Streams): tf.Scalar;
  /** Steps that went before, for progress: counted as done. */
  stepsBefore?: number;
}

const FIT_REMEDY =
  'Start from another seed, or normalise the channels of the features; images already loaded are kept.';

/**
 * A fit by gradient in one phase, which cannot be resumed.
 * @returns one loss per step; null when it was cancelled
 * @throws NothingToTrain | TrainingDiverged | GpuFault; the parameters stay the caller's to dispose of
 */
export async function learn(work: FitWork, plan: FitPlan): Promise<number[] | null> {
  const { source, seed, control } = work;
  const { loss, stepsBefore = 0, batch = work.batch, ...phase } = plan;
  const lossOf: Phase['lossOf'] = (indices, random) => {
    const input = source.batch(indices);
    return () => loss(input, random);
  };
  const { outcome, losses } = await train({
    phases: [{ ...phase, name: null, ready: async (indices) => source.ready?.(indices), lossOf }],
    ...{ count: source.count, batch, seed, control, remedy: FIT_REMEDY },
    report: ({ epoch, epochs, step, steps, losses }) =>
      work.report({
        phase: `epoch ${epoch} of ${epochs}`,
        step: stepsBefore + step,
        steps: stepsBefore + steps,
        losses,
      }),
  });
  return outcome === 'finished' ? losses[0]! : null;
}

/** Where a fit without gradients stands; made by fitInSteps(). */
export class FitSteps {
  #done = 0;

  constructor(
    readonly work: FitWork,
    private readonly steps: number,
  ) {}

  /** Waits while the fit is paused. @returns false when it was cancelled */
  next(): Promise<boolean> {
    return this.work.control.next();
  }

  /** Waits for the GPU, counts what was done, and lets everything else have a turn. @throws GpuFault */
  async done(phase: string, steps: number): Promise<void> {
    await settle();
    this.#done += steps;
    this.work.report({ phase, step: this.#done, steps: this.steps, losses: [] });
    await yieldToEventLoop();
  }

  /**
   * Training inputs, one step an input; each batch [n, H, W, C] is disposed after its visit.
   * @param visit also gets the number of inputs before this batch
   * @param options which inputs, by default all in their order; how many at a time, by default the fit's batch
   * @returns false when the fit was cancelled
   */
  async everyBatch(
    phase: string,
    visit: (input: tf.Tensor4D, first: number) => Promise<void> | void,
    options: { inputs?: readonly number[]; batch?: number } = {},
  ): Promise<boolean> {
    const { source } = this.work;
    const { inputs = Array.from({ length: source.count }, (_, i) => i), batch = this.work.batch } = options;
    for (let first = 0; first < inputs.length; first += batch) {
      if (!(await this.next())) return false;
      const indices = inputs.slice(first, first + batch);
      await source.ready?.(indices);
      const input = source.batch(indices);
      try {
        await visit(input, first);
      } finally {
        input.dispose();
      }
      await this.done(phase, indices.length);
    }
    return true;
  }
}

/**
 * Runs a fit of so many steps.
 * @returns what `run` returns: null when cancelled
 * @throws NothingToTrain | GpuFault, and what `run` throws
 */
export function fitInSteps<T>(
  work: FitWork,
  steps: number,
  run: (steps: FitSteps) => Promise<T | null>,
): Promise<T | null> {
  const { source, control } = work;
  return governed(source.count, control, async () => {
    const result = await run(new FitSteps(work, steps));
    await control.answer();
    return result;
  });
}
