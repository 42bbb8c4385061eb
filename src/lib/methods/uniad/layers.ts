// The parts of a transformer layer that train: linear maps with Xavier start values, layer normalisation, the
// feed-forward part, multi-head attention on a grid, and dropout that knows whether it is training.
import type { tf } from '../../gpu/tf';
import { attendOnGrid } from '../../kernels/attention/attention';
import { dropout } from '../../kernels/noise/dropout';
import { layerNorm } from '../../kernels/normalise/layerNorm';
import { linear } from '../../kernels/linear/linear';
import { constant, xavierUniform } from '../../nn/initialise';
import type { ParameterScope } from '../../nn/parameters';
import type { Random } from '../../nn/random';

/** Sizes that all layers share. */
export interface LayerSizes {
  width: number;
  heads: number;
  /** Inner width of the feed-forward part. */
  inner: number;
  /** Tokens as rows and columns, and the neighbourhood hidden from each. */
  grid: readonly [number, number];
  hidden: readonly [number, number] | null;
}

/** Dropout while training: a rate, and a generator that gives each place and step its seed. Null: none. */
export type Dropping = { rate: number; random: Random } | null;

/** The tensor with a share of it dropped. */
export function dropped<T extends tf.Tensor>(x: T, dropping: Dropping): T {
  return dropping ? dropout(x, dropping.rate, dropping.random.next()) : x;
}

export class Dense {
  /** [inputs, outputs] */
  readonly #weight: tf.Variable<tf.Rank.R2>;
  /** [outputs] */
  readonly #bias: tf.Variable<tf.Rank.R1>;

  constructor(scope: ParameterScope, inputs: number, outputs: number) {
    this.#weight = scope.weight('weight', xavierUniform([inputs, outputs]));
    this.#bias = scope.weight('bias', constant([outputs], 0));
  }

  /** [..., inputs] -> [..., outputs] */
  apply<T extends tf.Tensor>(x: T): T {
    return linear(x, this.#weight, this.#bias);
  }
}

export class LayerNorm {
  readonly #scale: tf.Variable<tf.Rank.R1>;
  readonly #shift: tf.Variable<tf.Rank.R1>;

  constructor(scope: ParameterScope, width: number) {
    this.#scale = scope.weight('scale', constant([width], 1));
    this.#shift = scope.weight('shift', constant([width], 0));
  }

  apply(x: tf.Tensor3D): tf.Tensor3D {
    return layerNorm(x, this.#scale, this.#shift);
  }
}

/** Linear, ReLU, linear. */
export class FeedForward {
  readonly #widen: Dense;
  readonly #narrow: Dense;

  constructor(scope: ParameterScope, { width, inner }: LayerSizes) {
    this.#widen = new Dense(scope.scope('widen'), width, inner);
    this.#narrow = new Dense(scope.scope('narrow'), inner, width);
  }

  apply(x: tf.Tensor3D, dropping: Dropping): tf.Tensor3D {
    return this.#narrow.apply(dropped(this.#widen.apply(x).relu(), dropping));
  }
}

/** Multi-head attention in which no token sees its neighbourhood (the paper's neighbour masked attention). */
export class MaskedAttention {
  readonly #query: Dense;
  readonly #key: Dense;
  readonly #value: Dense;
  readonly #output: Dense;

  constructor(
    scope: ParameterScope,
    private readonly sizes: LayerSizes,
  ) {
    const square = (name: string) => new Dense(scope.scope(name), sizes.width, sizes.width);
    this.#query = square('query');
    this.#key = square('key');
    this.#value = square('value');
    this.#output = square('output');
  }

  /** All [B, tokens, width]. */
  apply(queries: tf.Tensor3D, keys: tf.Tensor3D, values: tf.Tensor3D, dropping: Dropping): tf.Tensor3D {
    const { heads, grid, hidden } = this.sizes;
    const [q, k, v] = [this.#query.apply(queries), this.#key.apply(keys), this.#value.apply(values)];
    const weightsDropped = dropping && { rate: dropping.rate, seed: dropping.random.next() };
    return this.#output.apply(attendOnGrid(q, k, v, { heads, grid, hidden, dropout: weightsDropped }));
  }
}
