// Feature maps that someone works on for long (a training run, the statistics), kept as they were when taken: images
// may leave and settings change meanwhile. Costs nothing while the cache still has the same maps. Which tier a map
// lies in never changes a result: all keep the same float32.
import { tf } from '../../lib/gpu/tf';
import type { StoredMap } from './featureDisk';
import type { ImageId } from '../api/types';

/** On the GPU, outside it, or kept nowhere: then the image it is of. */
export type HeldMap = tf.Tensor4D | StoredMap | ImageId;

/** Maps phi, each [1, H, W, C], of images whose maps are kept nowhere; the caller disposes them. */
export type Recompute = (ids: readonly ImageId[]) => Promise<tf.Tensor4D[]>;

export class HeldFeatures {
  readonly #maps: readonly HeldMap[];
  readonly #recompute: Recompute;
  /** Computed again for the next batch, by index. */
  readonly #again = new Map<number, tf.Tensor4D>();
  #released = false;

  /** @param maps each [1, H, W, C]; owned from here on */
  constructor(maps: readonly HeldMap[], recompute: Recompute) {
    this.#maps = maps;
    this.#recompute = recompute;
  }

  get count(): number {
    return this.#maps.length;
  }

  /** To be awaited before `batch` of the same indices: computes what is kept nowhere. @throws what computing throws */
  async ready(indices: readonly number[]): Promise<void> {
    const missing = [...new Set(indices)].filter((i) => typeof this.#maps[i] === 'string');
    for (const [i, map] of this.#again) if (!missing.includes(i)) this.#drop(i, map);
    const wanted = missing.filter((i) => !this.#again.has(i));
    if (wanted.length === 0) return;
    const maps = await this.#recompute(wanted.map((i) => this.#maps[i] as ImageId));
    if (this.#released) return tf.dispose(maps);
    wanted.forEach((i, n) => this.#again.set(i, maps[n]!));
  }

  /** phi [indices.length, H, W, C]; the caller disposes it. */
  batch(indices: readonly number[]): tf.Tensor4D {
    return tf.tidy(() => tf.concat(indices.map((i) => this.#onGpu(i))));
  }

  /** @param lost true when the device is gone, and what was on it */
  release({ lost = false } = {}): void {
    if (this.#released) return;
    this.#released = true;
    for (const map of this.#maps) {
      if (typeof map === 'string') continue;
      if (!(map instanceof tf.Tensor)) map.free();
      else if (!lost) map.dispose();
    }
    if (!lost) tf.dispose([...this.#again.values()]);
    this.#again.clear();
  }

  #onGpu(index: number): tf.Tensor4D {
    const map = this.#maps[index]!;
    if (map instanceof tf.Tensor) return map;
    if (typeof map !== 'string') return tf.tensor4d(map.values(), map.shape);
    const again = this.#again.get(index);
    if (!again) throw new RangeError(`features of ${map} were not made ready`);
    return again;
  }

  #drop(index: number, map: tf.Tensor4D): void {
    map.dispose();
    this.#again.delete(index);
  }
}
