// A transformer's weights on their way to the GPU; what goes wrong half-way leaves nothing there.
import { tf } from '../../gpu/tf';
import type { Weights } from '../fold';
import { prefixOf, type PatchEmbedding } from './layers';
import { StoredValues } from './values';

export class WeightReader {
  readonly #uploaded: tf.Tensor[] = [];
  readonly #stored: StoredValues;

  constructor(id: string, weights: Weights) {
    this.#stored = new StoredValues(id, weights);
  }

  /** Releases all that was uploaded. */
  dispose(): void {
    tf.dispose(this.#uploaded);
  }

  /** @throws NanWeights */
  norm(name: string) {
    const [scale, shift] = [this.#stored.of(`${name}.weight`), this.#stored.of(`${name}.bias`)];
    return { scale: this.#vector(scale), shift: this.#vector(shift) };
  }

  /** @param scale factors per output channel. @throws NanWeights */
  linear(name: string, scale?: string) {
    return this.#upload(this.#stored.linear(name, scale));
  }

  /** @throws NanWeights */
  patches(embedding: PatchEmbedding) {
    return this.#upload(this.#stored.patches(embedding));
  }

  /** Tokens before the patches', and the places of the patches on the trained grid. @throws NanWeights */
  tokens(embedding: PatchEmbedding): { prefix: tf.Tensor4D; grid: Float32Array } {
    const { prefix, grid } = this.#stored.tokens(embedding);
    const tensor = tf.keep(tf.tensor4d(prefix, [1, 1, prefixOf(embedding), embedding.output]));
    this.#uploaded.push(tensor);
    return { prefix: tensor, grid };
  }

  #upload({ filter, bias }: { filter: Float32Array; bias: Float32Array }) {
    const tensor = tf.keep(tf.tensor4d(filter, [1, 1, filter.length / bias.length, bias.length]));
    this.#uploaded.push(tensor);
    return { filter: tensor, bias: this.#vector(bias) };
  }

  #vector(values: Float32Array): tf.Tensor1D {
    const tensor = tf.keep(tf.tensor1d(values));
    this.#uploaded.push(tensor);
    return tensor;
  }
}
