// Linear layer on the last axis: y = x W + b, for vectors and, pixel by pixel, as a 1x1 convolution. Always a
// matrix product: tfjs's own convolution gradient is many times slower (see sumOfProducts for the order of sums).
import { tf } from '../gpu/tf';
import { kaimingUniform } from './initialise';
import type { ParameterScope } from './parameters';
import { sumOfProducts } from './reductions';

export class Linear {
  /** [inputs, outputs] */
  readonly weight: tf.Variable<tf.Rank.R2>;
  /** [outputs] */
  readonly bias: tf.Variable<tf.Rank.R1> | null;

  constructor(scope: ParameterScope, inputs: number, outputs: number, { bias }: { bias: boolean }) {
    this.weight = scope.weight('weight', kaimingUniform([inputs, outputs], inputs));
    this.bias = bias ? scope.weight('bias', kaimingUniform([outputs], inputs)) : null;
  }

  /** [..., inputs] -> [..., outputs] */
  apply<T extends tf.Tensor>(x: T): T {
    const [inputs, outputs] = this.weight.shape;
    const rows = matrixProduct(x.reshape([-1, inputs]), this.weight);
    const biased = this.bias ? rows.add(this.bias) : rows;
    return biased.reshape([...x.shape.slice(0, -1), outputs]) as T;
  }
}

/** x W for x [N, inputs], with the weight's gradient summed in a fixed order. */
function matrixProduct(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  return tf.customGrad<tf.Tensor2D>((...args) => {
    // tfjs types the inputs and the function that keeps them as one list.
    const [rows, matrix, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    save([rows, matrix]);
    const gradFunc = (dy: tf.Tensor2D, saved: tf.Tensor[]) => {
      const [rows, matrix] = saved as [tf.Tensor2D, tf.Tensor2D];
      return [tf.matMul(dy, matrix, false, true), sumOfProducts(rows, dy)];
    };
    return { value: tf.matMul(rows, matrix), gradFunc };
  })(x, weight);
}
