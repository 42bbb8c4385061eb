// The manners of a fit that learns nothing by gradient: it goes through the images, counts its steps, and between two of them
// waits for the GPU, lets messages through and obeys whoever holds the reins. Fits by gradient: fitLoop.ts.
import { settle } from '../gpu/backend';
import type { tf } from '../gpu/tf';
import { NothingToTrain } from '../methods/grad/errors';
import { nextTask } from './yieldToEventLoop';
import type { FitContext } from '../methods/detector';
import { NoCheckpoint } from '../methods/errors';

/** Where a fit stands; made by fitInSteps(). */
export class FitSteps {
  #done = 0;

  constructor(
    readonly context: FitContext,
    private readonly steps: number,
  ) {}

  /** Waits while the fit is paused. @returns false when it was cancelled */
  next(): Promise<boolean> {
    return this.context.control.next(refuse);
  }

  /** Waits for the GPU, counts what was done, and lets everybody else have a turn. @throws GpuFault */
  async done(phase: string, steps: number): Promise<void> {
    await settle();
    this.#done += steps;
    this.context.report({ phase, step: this.#done, steps: this.steps, losses: [] });
    await nextTask();
  }

  /**
   * All training inputs in their order, one step an input. Each batch [n, H, W, C] is disposed after its visit.
   * @param visit also gets the number of inputs before this batch
   * @returns false when the fit was cancelled
   */
  async everyBatch(
    phase: string,
    visit: (input: tf.Tensor4D, first: number) => Promise<void> | void,
  ): Promise<boolean> {
    const { source, params } = this.context;
    for (let first = 0; first < source.count; first += params.batch) {
      if (!(await this.next())) return false;
      const size = Math.min(params.batch, source.count - first);
      const indices = Array.from({ length: size }, (_, i) => first + i);
      await source.ready?.(indices);
      const input = source.batch(indices);
      try {
        await visit(input, first);
      } finally {
        input.dispose();
      }
      await this.done(phase, size);
    }
    return true;
  }
}

/**
 * Runs a fit of so many steps.
 * @returns what `run` returns: null when cancelled
 * @throws NothingToTrain | GpuFault, and what `run` throws
 */
export async function fitInSteps<T>(
  context: FitContext,
  steps: number,
  run: (steps: FitSteps) => Promise<T | null>,
): Promise<T | null> {
  if (context.source.count === 0) throw new NothingToTrain();
  try {
    const result = await run(new FitSteps(context, steps));
    await context.control.answer(refuse);
    return result;
  } catch (error) {
    context.control.fail(error);
    throw error;
  }
}

const refuse = (): Promise<ArrayBuffer> => Promise.reject(new NoCheckpoint());
