// Feature maps by image: on the GPU while they fit the budget, in main memory beyond it. One shape at a time.
import { tf } from '../gpu/tf';
import { HeldFeatures, type StoredFeatures } from './heldFeatures';
import type { ImageId } from './types';

/** Enough for 900 maps of the balanced preset, and a fraction of what a small adapter has. */
const GPU_BUDGET_BYTES = 512 * 2 ** 20;
const FLOAT_BYTES = 4;

export class FeatureCache {
  readonly #onGpu = new Map<ImageId, tf.Tensor4D>();
  readonly #inMemory = new Map<ImageId, StoredFeatures>();
  readonly #budget: number;
  #gpuBytes = 0;

  constructor(budget = GPU_BUDGET_BYTES) {
    this.#budget = budget;
  }

  has(id: ImageId): boolean {
    return this.#onGpu.has(id) || this.#inMemory.has(id);
  }

  /** Keeps phi [1, H, W, C]; the cache owns it from here on. */
  async put(id: ImageId, phi: tf.Tensor4D): Promise<void> {
    this.delete(id);
    const bytes = phi.size * FLOAT_BYTES;
    if (this.#gpuBytes + bytes <= this.#budget) {
      this.#gpuBytes += bytes;
      this.#onGpu.set(id, phi);
      return;
    }
    const values = (await phi.data<'float32'>()).slice();
    this.#inMemory.set(id, { shape: phi.shape, values });
    phi.dispose();
  }

  /** A tensor [1, H, W, C] that the caller disposes (or lets a tidy dispose). @throws RangeError when absent */
  get(id: ImageId): tf.Tensor4D {
    const kept = this.#onGpu.get(id);
    if (kept) return kept.clone();
    const stored = this.#inMemory.get(id);
    if (!stored) throw new RangeError(`no features of ${id}`);
    return tf.tensor4d(stored.values, stored.shape);
  }

  /** These maps as they are now, whatever becomes of the cache. @throws RangeError when one is absent */
  hold(ids: readonly ImageId[]): HeldFeatures {
    const absent = ids.find((id) => !this.has(id));
    if (absent !== undefined) throw new RangeError(`no features of ${absent}`);
    return new HeldFeatures(ids.map((id) => this.#onGpu.get(id)?.clone() ?? this.#inMemory.get(id)!));
  }

  delete(id: ImageId): void {
    const kept = this.#onGpu.get(id);
    if (kept) {
      this.#gpuBytes -= kept.size * FLOAT_BYTES;
      kept.dispose();
    }
    this.#onGpu.delete(id);
    this.#inMemory.delete(id);
  }

  clear(): void {
    for (const id of [...this.#onGpu.keys(), ...this.#inMemory.keys()]) this.delete(id);
  }

  /** Forgets everything without touching the GPU: its device is gone. */
  abandon(): void {
    this.#onGpu.clear();
    this.#inMemory.clear();
    this.#gpuBytes = 0;
  }
}
