// Prepares a transformer's stored weights for the network and uploads them: torch's order (out, in) turned into ours (in,
// out), the scale per channel behind a product folded into it.
import { tf } from '../../gpu/tf';
import { NanWeights } from '../errors';
import type { Weights } from '../fold';
import { PATCH_FILTER, prefixOf, type PatchEmbedding } from './layers';

export type { Weights };

export class WeightReader {
  readonly #uploaded: tf.Tensor[] = [];

  constructor(
    private readonly id: string,
    private readonly weights: Weights,
  ) {}

  /** Releases all that was uploaded. */
  dispose(): void {
    tf.dispose(this.#uploaded);
  }

  /** @throws NanWeights */
  values(name: string): Float32Array {
    const tensor = this.weights.get(name);
    if (!tensor) throw new RangeError(`${name} was not checked to be there`);
    const values = Float32Array.from(tensor.data);
    if (!values.every(Number.isFinite)) throw new NanWeights(this.id, name);
    return values;
  }

  norm(name: string) {
    return {
      scale: this.#vector(this.values(`${name}.weight`)),
      shift: this.#vector(this.values(`${name}.bias`)),
    };
  }

  /** @param scale factors per output channel */
  linear(name: string, scale?: string) {
    const factors = scale === undefined ? undefined : this.values(scale);
    const bias = this.values(`${name}.bias`);
    const filter = transposed(this.values(`${name}.weight`), bias.length, factors);
    const scaled = factors ? bias.map((value, o) => value * factors[o]!) : bias;
    return this.#linear(filter, scaled);
  }

  /** The convolution that makes a token of a square of pixels, as a product: its rows in the order row, column, colour. */
  patches({ stride, output }: PatchEmbedding) {
    const stored = this.values(PATCH_FILTER);
    const area = stride * stride;
    const filter = new Float32Array(stored.length);
    for (let o = 0; o < output; o++) {
      for (let c = 0; c < 3; c++) {
        for (let p = 0; p < area; p++) filter[(p * 3 + c) * output + o] = stored[(o * 3 + c) * area + p]!;
      }
    }
    return this.#linear(filter, this.values('patch_embed.proj.bias'));
  }

  /** Tokens before the patches', and the places of the patches on the trained grid. */
  tokens(embedding: PatchEmbedding): { prefix: tf.Tensor4D; grid: Float32Array } {
    const { output, registers } = embedding;
    const prefix = new Float32Array(prefixOf(embedding) * output);
    prefix.set(this.values('cls_token'));
    const positions = this.values('pos_embed');
    if (registers > 0) {
      prefix.set(this.values('reg_token'), output);
    } else {
      for (let c = 0; c < output; c++) prefix[c]! += positions[c]!;
    }
    const tensor = tf.keep(tf.tensor4d(prefix, [1, 1, prefixOf(embedding), output]));
    this.#uploaded.push(tensor);
    return { prefix: tensor, grid: positions.subarray(registers > 0 ? 0 : output) };
  }

  #linear(filter: Float32Array, values: Float32Array) {
    const outputs = values.length;
    const tensor = tf.keep(tf.tensor4d(filter, [1, 1, filter.length / outputs, outputs]));
    this.#uploaded.push(tensor);
    return { filter: tensor, bias: this.#vector(values) };
  }

  #vector(values: Float32Array): tf.Tensor1D {
    const tensor = tf.keep(tf.tensor1d(values));
    this.#uploaded.push(tensor);
    return tensor;
  }
}

/** [out, in] -> [in, out], each output times its factor. */
function transposed(stored: Float32Array, outputs: number, factors?: Float32Array): Float32Array {
  const inputs = stored.length / outputs;
  const filter = new Float32Array(stored.length);
  for (let o = 0; o < outputs; o++) {
    const factor = factors?.[o] ?? 1;
    for (let i = 0; i < inputs; i++) filter[i * outputs + o] = stored[o * inputs + i]! * factor;
  }
  return filter;
}
