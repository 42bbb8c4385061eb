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

/**
 * After an epoch: which to run next; `epochs` ends the phase.
 * @param epoch that was run, from 0; @param means mean losses of all epochs that were run, in order
 */
export type Skip = (epoch: number, epochs: number, means: readonly number[]) => number;

const TENTH = 0.1;
/** Share of the loss that has to be gained. */
const GAIN = 0.01;

/** A tenth of the rate after this share of the epochs (rounded down), but never in the first. */
export const tenthAfter =
  (share: number): Schedule =>
  (epoch, epochs) =>
    epoch < Math.max(1, Math.floor(share * epochs)) ? 1 : TENTH;

/**
 * On a plateau, when `patience` epochs together lose no more than 1 % less than as many before them, what is left of the full rate
 * is skipped; on the next one what is left of the phase. @param share as given to tenthAfter()
 */
export const skipPlateaus =
  (patience: number, share: number): Skip =>
  (epoch, epochs, means) => {
    const tenth = Math.max(1, Math.floor(share * epochs));
    const here = epoch < tenth ? means : means.slice(means.length - (epoch - tenth + 1));
    if (here.length < 2 * patience) return epoch + 1;
    const sumOf = (from: number, to: number) => here.slice(from, to).reduce((sum, loss) => sum + loss, 0);
    const end = here.length;
    const stalled = sumOf(end - patience, end) > (1 - GAIN) * sumOf(end - 2 * patience, end - patience);
    if (!stalled) return epoch + 1;
    return epoch < tenth ? tenth : epochs;
  };

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

  /** The step after this one: next batch, next epoch (or the one given), next phase; null after the last. */
  after({ phase, epoch, batch }: Position, nextEpoch = epoch + 1): Position | null {
    if (batch + 1 < this.batches) return { phase, epoch, batch: batch + 1 };
    if (nextEpoch < this.epochs[phase]!) return { phase, epoch: nextEpoch, batch: 0 };
    return this.#startFrom(phase + 1);
  }

  #startFrom(first: number): Position | null {
    const phase = this.epochs.findIndex((epochs, i) => i >= first && epochs > 0);
    return phase < 0 ? null : { phase, epoch: 0, batch: 0 };
  }
}
