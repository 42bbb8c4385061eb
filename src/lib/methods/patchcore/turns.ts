// The training images with every one turned by each eighth of a full turn after it, as a source of inputs: what a part that
// may lie in any direction is remembered by.
import { tf } from '../../gpu/tf';
import type { InputSource } from '../../nn/trainingLoop';

/** Copies of an image, itself first. */
export const TURNS = 8;
const EIGHTHS = Array.from({ length: TURNS }, (_, turn) => turn);

/** A source that can turn its images, as one of eight times as many inputs. `release` gives up what is still held. */
export class TurnedInputs implements InputSource {
  readonly count: number;
  /** Turned copies of the last images that were made ready. */
  readonly #maps = new Map<number, tf.Tensor4D>();

  constructor(private readonly source: InputSource) {
    this.count = TURNS * source.count;
  }

  async ready(indices: readonly number[]): Promise<void> {
    const images = new Set(indices.map((index) => Math.floor(index / TURNS)));
    for (const image of [...this.#maps.keys()].filter((known) => !images.has(known))) this.#drop(image);
    for (const image of images) {
      if (!this.#maps.has(image)) this.#maps.set(image, await this.source.turned!(image, EIGHTHS));
    }
  }

  batch(indices: readonly number[]): tf.Tensor4D {
    return tf.tidy(() => {
      const maps = indices.map((index) => {
        const map = this.#maps.get(Math.floor(index / TURNS))!;
        return map.slice([index % TURNS, 0, 0, 0], [1, -1, -1, -1]);
      });
      return tf.concat(maps, 0);
    });
  }

  release(): void {
    for (const image of [...this.#maps.keys()]) this.#drop(image);
  }

  #drop(image: number): void {
    this.#maps.get(image)!.dispose();
    this.#maps.delete(image);
  }
}
