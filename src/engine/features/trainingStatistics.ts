// Statistics of the training features (sigma, and per channel when they are normalised): computed when first asked
// for, kept until something they depend on changes.
import { adaptFeatures, type Statistics } from '../../lib/backbones/features';
import { FeatureStatistics } from '../../lib/backbones/featureStatistics';
import { tf } from '../../lib/gpu/tf';
import type { HeldFeatures } from './heldFeatures';

export interface TrainingStatisticsOptions {
  /** Features of all training images, once they are there. */
  hold(): Promise<HeldFeatures>;
  normalise(): boolean;
  /** Images a pass. */
  batch(): number;
  /** How often the device was lost: what was held before a loss is gone with it. */
  losses(): number;
}

export class TrainingStatistics {
  readonly #options: TrainingStatisticsOptions;
  #computing: Promise<Statistics> | null = null;

  constructor(options: TrainingStatisticsOptions) {
    this.#options = options;
  }

  /** Something they depend on changed. */
  forget(): void {
    this.#computing = null;
  }

  /** A failure is not kept: the next call tries again. */
  current(): Promise<Statistics> {
    const computing = (this.#computing ??= this.#compute());
    computing.catch(() => {
      if (this.#computing === computing) this.#computing = null;
    });
    return computing;
  }

  /** Whether an answer of `current` still holds. */
  isCurrent(answer: Promise<Statistics>): boolean {
    return answer === this.#computing;
  }

  async #compute(): Promise<Statistics> {
    const held = await this.#options.hold();
    const losses = this.#options.losses();
    try {
      const raw = await this.#accumulate(held, { sigma: 1, channels: null });
      if (!this.#options.normalise()) return { sigma: raw.sigma, channels: null };
      const channels = raw.perChannel();
      return { sigma: (await this.#accumulate(held, { sigma: 1, channels })).sigma, channels };
    } finally {
      held.release({ lost: this.#options.losses() !== losses });
    }
  }

  async #accumulate(held: HeldFeatures, as: Statistics): Promise<FeatureStatistics> {
    const statistics = new FeatureStatistics();
    const batch = this.#options.batch();
    const all = Array.from({ length: held.count }, (_, i) => i);
    for (let at = 0; at < all.length; at += batch) {
      const indices = all.slice(at, at + batch);
      await held.ready(indices);
      const phi = adaptedBatch(held, indices, as);
      await statistics.add(phi);
      phi.dispose();
    }
    return statistics;
  }
}

/** phi of some held images as the model wants it; the caller disposes it. */
export const adaptedBatch = (held: HeldFeatures, indices: readonly number[], as: Statistics): tf.Tensor4D =>
  tf.tidy(() => adaptFeatures(held.batch(indices), as));
