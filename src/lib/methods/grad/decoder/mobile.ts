// CRAD's light decoder block: an inverted bottleneck (1x1 expand, 3x3 depthwise, squeeze-excite, 1x1 project,
// residual) with batch norm and hard-swish.
import type { tf } from '../../../gpu/tf';
import { BatchNorm } from '../../../nn/batchNorm';
import { DepthwiseConvolution } from '../../../nn/convolution';
import { Linear } from '../../../nn/linear';
import type { ParameterScope } from '../../../nn/parameters';
import { SqueezeExcite } from '../../../nn/squeezeExcite';
import type { DecoderBlock } from './block';

export class MobileBlock implements DecoderBlock {
  readonly #expand: Linear;
  readonly #expandNorm: BatchNorm;
  readonly #depthwise: DepthwiseConvolution;
  readonly #depthwiseNorm: BatchNorm;
  readonly #squeezeExcite: SqueezeExcite;
  readonly #project: Linear;
  readonly #projectNorm: BatchNorm;

  /** @param expansion hidden width as a multiple of `channels` */
  constructor(scope: ParameterScope, channels: number, expansion: number) {
    const hidden = Math.max(1, Math.round(channels * expansion));
    this.#expand = new Linear(scope.scope('expand'), channels, hidden, { bias: false });
    this.#expandNorm = new BatchNorm(scope.scope('expandNorm'), hidden, 'hard-swish');
    this.#depthwise = new DepthwiseConvolution(scope.scope('depthwise'), hidden);
    this.#depthwiseNorm = new BatchNorm(scope.scope('depthwiseNorm'), hidden);
    this.#squeezeExcite = new SqueezeExcite(scope.scope('squeezeExcite'), hidden);
    this.#project = new Linear(scope.scope('project'), hidden, channels, { bias: false });
    this.#projectNorm = new BatchNorm(scope.scope('projectNorm'), channels);
  }

  apply(x: tf.Tensor4D, training: boolean): tf.Tensor4D {
    if (!training) return this.#infer(x);
    const expanded = this.#expandNorm.apply(this.#expand.apply(x), training);
    const mixed = this.#depthwiseNorm.apply(this.#depthwise.apply(expanded), training);
    const excited = this.#squeezeExcite.apply(mixed);
    return this.#projectNorm.apply(this.#project.apply(excited), training, x);
  }
  /** The same in five dispatches: norms, hard-swish, gate and residual are part of the layers beside them. */
  #infer(x: tf.Tensor4D): tf.Tensor4D {
    const expanded = this.#expand.infer(x, { norm: this.#expandNorm });
    const mixed = this.#depthwise.infer(expanded, this.#depthwiseNorm);
    const gate = this.#squeezeExcite.gate(mixed);
    return this.#project.infer(mixed, { norm: this.#projectNorm, gate, residual: x });
  }
}
