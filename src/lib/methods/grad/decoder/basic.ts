// The paper's decoder block: two 3x3 convolutions with batch norm and ReLU around a residual.
import type { tf } from '../../../gpu/tf';
import { BatchNorm } from '../../../nn/batchNorm';
import { Convolution } from '../../../nn/convolution';
import type { ParameterScope } from '../../../nn/parameters';
import type { DecoderBlock } from './block';

export class BasicBlock implements DecoderBlock {
  readonly #first: Convolution;
  readonly #firstNorm: BatchNorm;
  readonly #second: Convolution;
  readonly #secondNorm: BatchNorm;

  constructor(scope: ParameterScope, channels: number) {
    this.#first = new Convolution(scope.scope('first'), channels, channels);
    this.#firstNorm = new BatchNorm(scope.scope('firstNorm'), channels, 'relu');
    this.#second = new Convolution(scope.scope('second'), channels, channels);
    this.#secondNorm = new BatchNorm(scope.scope('secondNorm'), channels, 'relu');
  }

  apply(x: tf.Tensor4D, training: boolean): tf.Tensor4D {
    if (!training) {
      const hidden = this.#first.infer(x, this.#firstNorm);
      return this.#second.infer(hidden, this.#secondNorm, x);
    }
    const hidden = this.#firstNorm.apply(this.#first.apply(x), training);
    return this.#secondNorm.apply(this.#second.apply(hidden), training, x);
  }
}
