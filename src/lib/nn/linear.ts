// Linear layer on the last axis, for vectors and, pixel by pixel, as a 1x1 convolution.
import type { tf } from '../gpu/tf';
import { linear } from '../kernels/linear/linear';
import { kaimingUniform } from './initialise';
import type { ParameterScope, Start } from './parameters';

export interface LinearOptions {
  bias: boolean;
  /** How the weight [inputs, outputs] starts; by default as torch's layers do. */
  start?: Start;
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
}
