// Linear layer on the last axis, for vectors and, pixel by pixel, as a 1x1 convolution.
import { tf } from '../gpu/tf';
import { gatedHardSwish } from '../kernels/convolution/gatedHardSwish';
import { isPointwise, pointwise } from '../kernels/inference/pointwise';
import { linear } from '../kernels/linear/linear';
import type { BatchNorm } from './batchNorm';
import { kaimingUniform } from './initialise';
import type { ParameterScope, Start } from './parameters';

export interface LinearOptions {
  bias: boolean;
  /** How the weight [inputs, outputs] starts; by default as torch's layers do. */
  start?: Start;
}

export interface InferOptions {
  /** Its activation comes last. */
  norm?: BatchNorm;
  /** [B, inputs]: the layer reads hardSwish(x * gate) of a map. */
  gate?: tf.Tensor2D;
  /** Added after the norm, before its activation. */
  residual?: tf.Tensor;
  /** Of a layer without a norm. */
  activation?: 'tanh';
}

export class Linear {
  /** [inputs, outputs] */
  readonly #weight: tf.Variable<tf.Rank.R2>;
  /** [outputs] */
  readonly #bias: tf.Variable<tf.Rank.R1> | null;

  constructor(scope: ParameterScope, inputs: number, outputs: number, { bias, start }: LinearOptions) {
    this.#weight = scope.weight('weight', start ?? kaimingUniform([inputs, outputs], inputs));
    this.#bias = bias ? scope.weight('bias', kaimingUniform([outputs], inputs)) : null;
  }

  /** [..., inputs] -> [..., outputs] */
  apply<T extends tf.Tensor>(x: T): T {
    return linear(x, this.#weight, this.#bias);
  }

  /** With what surrounds it in a network that does not train, in one go; a norm follows a layer without bias. */
  infer<T extends tf.Tensor>(x: T, { norm, gate, residual, activation }: InferOptions = {}): T {
    const [inputs, outputs] = this.#weight.shape;
    tf.util.assert(!norm || !this.#bias, () => 'a linear layer with a bias has no norm after it');
    if (isPointwise(inputs, outputs)) {
      const affine = norm?.folded() ?? this.#bias ?? undefined;
      return pointwise(x, this.#weight, {
        affine,
        gate,
        residual,
        activation: activation ?? norm?.activation ?? 'linear',
      });
    }
    const read = gate ? gatedHardSwish(x as unknown as tf.Tensor4D, gate) : x;
    const y = this.apply(read);
    const after = residual as tf.Tensor4D | undefined;
    const normalised = norm ? norm.apply(y as unknown as tf.Tensor4D, false, after) : y;
    return (activation === 'tanh' ? tf.tanh(normalised) : normalised) as T;
  }

  get weight(): tf.Tensor2D {
    return this.#weight;
  }

  get bias(): tf.Tensor1D | null {
    return this.#bias;
  }
}
