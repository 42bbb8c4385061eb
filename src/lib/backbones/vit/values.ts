// A transformer's stored weights as the network and the exported graph use them: torch's order (out, in) turned into ours
// (in, out), the scale per channel behind a product folded into it, the tokens before those of the patches. Plain arrays.
import { NanWeights } from '../errors';
import type { Weights } from '../fold';
import { PATCH_FILTER, prefixOf, type PatchEmbedding } from './layers';

export class StoredValues {
  constructor(
    private readonly id: string,
    private readonly weights: Weights,
  ) {}

  /** @throws NanWeights */
  of(name: string): Float32Array {
    const tensor = this.weights.get(name);
    if (!tensor) throw new RangeError(`${name} was not checked to be there`);
    const values = Float32Array.from(tensor.data);
    if (!values.every(Number.isFinite)) throw new NanWeights(this.id, name);
    return values;
  }

  /** [in, out] and [out]. @param scale factors per output channel */
  linear(name: string, scale?: string): { filter: Float32Array; bias: Float32Array } {
    const factors = scale === undefined ? undefined : this.of(scale);
    const bias = this.of(`${name}.bias`);
    const filter = transposed(this.of(`${name}.weight`), bias.length, factors);
    return { filter, bias: factors ? bias.map((value, o) => value * factors[o]!) : bias };
  }

  /** The convolution that makes a token of a square of pixels, as a product: its rows in the order row, column, colour. */
  patches({ stride, output }: PatchEmbedding): { filter: Float32Array; bias: Float32Array } {
    const stored = this.of(PATCH_FILTER);
    const area = stride * stride;
    const filter = new Float32Array(stored.length);
    for (let o = 0; o < output; o++) {
      for (let c = 0; c < 3; c++) {
        for (let p = 0; p < area; p++) filter[(p * 3 + c) * output + o] = stored[(o * 3 + c) * area + p]!;
      }
    }
    return { filter, bias: this.of('patch_embed.proj.bias') };
  }

  /** Tokens before the patches' [prefix, C], the class token with its place where it has one; and the places on the trained grid. */
  tokens(embedding: PatchEmbedding): { prefix: Float32Array; grid: Float32Array } {
    const { output, registers } = embedding;
    const prefix = new Float32Array(prefixOf(embedding) * output);
    prefix.set(this.of('cls_token'));
    const positions = this.of('pos_embed');
    if (registers > 0) {
      prefix.set(this.of('reg_token'), output);
    } else {
      for (let c = 0; c < output; c++) prefix[c]! += positions[c]!;
    }
    return { prefix, grid: positions.subarray(registers > 0 ? 0 : output) };
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
