// Which batch of which epoch of which phase: the sequence of training steps as plain arithmetic, and the learning rate
// along it. No tensors.

/** The next step to run; all count from 0. */
export interface Position {
  phase: number;
  epoch: number;
  batch: number;
}

/** Factor on every learning rate in epoch `epoch` (from 0) of so many. */
export type Schedule = (epoch: number, epochs: number) => number;

const TENTH = 0.1;

/** A tenth of the rate after this share of the epochs (rounded down), but never in the first. */
export const tenthAfter =
  (share: number): Schedule =>
  (epoch, epochs) =>
    epoch < Math.max(1, Math.floor(share * epochs)) ? 1 : TENTH;

export class Plan {
  /**
   * @param epochs of each phase; one with 0 is passed over
   * @param batches per epoch
   */
  constructor(
    readonly epochs: readonly number[],
    readonly batches: number,
  ) {}

  /** Steps over all phases. */
  get steps(): number {
    return this.epochs.reduce((sum, epochs) => sum + epochs * this.batches, 0);
  }

  /** Null when there is nothing to train. */
  get first(): Position | null {
    return this.#startFrom(0);
  }

  /** The step after this one: next batch, next epoch, next phase; null after the last. */
  after({ phase, epoch, batch }: Position): Position | null {
    if (batch + 1 < this.batches) return { phase, epoch, batch: batch + 1 };
    if (epoch + 1 < this.epochs[phase]!) return { phase, epoch: epoch + 1, batch: 0 };
    return this.#startFrom(phase + 1);
  }

  #startFrom(first: number): Position | null {
    const phase = this.epochs.findIndex((epochs, i) => i >= first && epochs > 0);
    return phase < 0 ? null : { phase, epoch: 0, batch: 0 };
  }
}
