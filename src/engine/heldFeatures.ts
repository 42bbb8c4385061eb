// Feature maps that someone works on for long (a training run, the statistics), kept as they were when taken: images
// may leave and settings change meanwhile. Costs nothing while the cache still has the same maps.
import { tf } from '../gpu/tf';

/** A map in main memory. */
export interface StoredFeatures {
  shape: [number, number, number, number];
  values: Float32Array;
}

export class HeldFeatures {
  readonly #maps: readonly (tf.Tensor4D | StoredFeatures)[];

  /** @param maps each [1, H, W, C]; owned from here on */
  constructor(maps: readonly (tf.Tensor4D | StoredFeatures)[]) {
    this.#maps = maps;
  }

  get count(): number {
    return this.#maps.length;
  }

  /** phi [indices.length, H, W, C]; the caller disposes it. */
  batch(indices: readonly number[]): tf.Tensor4D {
    return tf.tidy(() => tf.concat(indices.map((i) => onGpu(this.#maps[i]!))));
  }

  /** Not to be called when the device was lost: the maps are gone with it. */
  release(): void {
    for (const map of this.#maps) if (map instanceof tf.Tensor) map.dispose();
  }
}

const onGpu = (map: tf.Tensor4D | StoredFeatures): tf.Tensor4D =>
  map instanceof tf.Tensor ? map : tf.tensor4d(map.values, map.shape);
