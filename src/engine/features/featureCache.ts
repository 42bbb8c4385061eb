// Feature maps by image, each in the first tier with room: the GPU, main memory, the scratch file. What fits nowhere is
// computed again when it is needed. A map stays where it was put: training visits all images in turn, and a cache that
// moved the latest ones up would then never hold the next one.
import { tf } from '../../lib/gpu/tf';
import type { FeatureDisk, MapShape, StoredMap } from './featureDisk';
import { HeldFeatures, type HeldMap, type Recompute } from './heldFeatures';
import type { ImageId } from '../api/types';

const FLOAT_BYTES = 4;

export interface CacheOptions {
  /** Bytes on the GPU. */
  gpu: number;
  /** Bytes in main memory. */
  memory: number;
  disk: FeatureDisk;
  /** What becomes of a map that fits nowhere: it is computed again, or kept in main memory all the same. */
  beyond: 'recompute' | 'memory';
}

/** Where maps are; bytes, and the number of images whose maps are nowhere. */
export interface FeatureTiers {
  gpu: number;
  memory: number;
  disk: number;
  recomputed: number;
}

export class FeatureCache {
  readonly #options: CacheOptions;
  readonly #onGpu = new Map<ImageId, tf.Tensor4D>();
  readonly #stored = new Map<ImageId, StoredMap>();
  readonly #nowhere = new Set<ImageId>();
  #gpuBytes = 0;
  #memoryBytes = 0;

  constructor(options: CacheOptions) {
    this.#options = options;
  }

  /** Whether the map was computed, wherever it is now. */
  has(id: ImageId): boolean {
    return this.#onGpu.has(id) || this.#stored.has(id) || this.#nowhere.has(id);
  }

  get tiers(): FeatureTiers {
    return {
      gpu: this.#gpuBytes,
      memory: this.#memoryBytes,
      disk: this.#options.disk.used,
      recomputed: this.#nowhere.size,
    };
  }

  /** Keeps phi [1, H, W, C]; the cache owns it from here on. */
  async put(id: ImageId, phi: tf.Tensor4D): Promise<void> {
    this.delete(id);
    const bytes = phi.size * FLOAT_BYTES;
    if (this.#gpuBytes + bytes <= this.#options.gpu) {
      this.#gpuBytes += bytes;
      this.#onGpu.set(id, phi);
      return;
    }
    try {
      const stored = await this.#store(phi);
      // Two for the same image at once: the later one counts.
      this.delete(id);
      if (stored) this.#stored.set(id, stored);
      else this.#nowhere.add(id);
    } finally {
      phi.dispose();
    }
  }

  async #store(phi: tf.Tensor4D): Promise<StoredMap | null> {
    const { memory, disk, beyond } = this.#options;
    const values = await phi.data<'float32'>();
    const bytes = values.byteLength;
    if (this.#memoryBytes + bytes > memory) {
      const onDisk = await disk.put(phi.shape, values);
      if (onDisk || beyond === 'recompute') return onDisk;
    }
    this.#memoryBytes += bytes;
    return inMemory(phi.shape, values.slice(), () => (this.#memoryBytes -= bytes));
  }

  /** A tensor [1, H, W, C] that the caller disposes; null when it has to be computed again. */
  get(id: ImageId): tf.Tensor4D | null {
    const kept = this.#onGpu.get(id);
    if (kept) return kept.clone();
    const stored = this.#stored.get(id);
    return stored ? tf.tensor4d(stored.values(), stored.shape) : null;
  }

  /**
   * These maps as they are now, whatever becomes of the cache.
   * @param recompute gives maps that are kept nowhere
   * @throws RangeError when one was never computed
   */
  hold(ids: readonly ImageId[], recompute: Recompute): HeldFeatures {
    const absent = ids.find((id) => !this.has(id));
    if (absent !== undefined) throw new RangeError(`no features of ${absent}`);
    return new HeldFeatures(
      ids.map((id): HeldMap => this.#onGpu.get(id)?.clone() ?? this.#stored.get(id)?.share() ?? id),
      recompute,
    );
  }

  delete(id: ImageId): void {
    const kept = this.#onGpu.get(id);
    if (kept) {
      this.#gpuBytes -= kept.size * FLOAT_BYTES;
      kept.dispose();
    }
    this.#onGpu.delete(id);
    this.#stored.get(id)?.free();
    this.#stored.delete(id);
    this.#nowhere.delete(id);
  }

  clear(): void {
    for (const id of [...this.#onGpu.keys(), ...this.#stored.keys(), ...this.#nowhere]) this.delete(id);
  }

  /** Forgets everything without touching the GPU: its device is gone. */
  abandon(): void {
    for (const stored of this.#stored.values()) stored.free();
    this.#onGpu.clear();
    this.#stored.clear();
    this.#nowhere.clear();
    this.#gpuBytes = 0;
  }
}

/** @param release called once nobody holds it any more */
function inMemory(shape: MapShape, values: Float32Array, release: () => void): StoredMap {
  let holders = 1;
  const map: StoredMap = {
    shape,
    values: () => values,
    share: () => {
      holders++;
      return map;
    },
    free: () => {
      if (--holders === 0) release();
    },
  };
  return map;
}
