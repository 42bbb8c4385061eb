// Which batch of which epoch of which stage: the sequence of training steps as plain arithmetic, no tensors.
import type { Method } from './config';

export type Stage = 1 | 2;

/** The next step to run; epoch and batch count from 0. */
export interface Position {
  stage: Stage;
  epoch: number;
  batch: number;
}

/** The stages a method has, in order. */
export function stagesOf(method: Method): Stage[] {
  if (method === 'normal-grid') return [2];
  return method === 'abnormal-grid' ? [1] : [1, 2];
}

export class Plan {
  /** The method's stages that have an epoch to run. */
  readonly #stages: Stage[];

  /** @param epochs of stage 1 and 2; @param batches per epoch */
  constructor(
    method: Method,
    readonly epochs: readonly [number, number],
    readonly batches: number,
  ) {
    this.#stages = stagesOf(method).filter((stage) => this.epochsOf(stage) > 0);
  }

  epochsOf(stage: Stage): number {
    return this.epochs[stage - 1]!;
  }

  /** Steps over all stages. */
  get steps(): number {
    return this.#stages.reduce((sum, stage) => sum + this.epochsOf(stage) * this.batches, 0);
  }

  /** Null when there is nothing to train. */
  get first(): Position | null {
    return this.#startOf(this.#stages[0]);
  }

  /** The step after this one: next batch, next epoch, next stage; null after the last. */
  after({ stage, epoch, batch }: Position): Position | null {
    if (batch + 1 < this.batches) return { stage, epoch, batch: batch + 1 };
    if (epoch + 1 < this.epochsOf(stage)) return { stage, epoch: epoch + 1, batch: 0 };
    return this.#startOf(this.#stages[this.#stages.indexOf(stage) + 1]);
  }

  #startOf(stage: Stage | undefined): Position | null {
    return stage ? { stage, epoch: 0, batch: 0 } : null;
  }
}
