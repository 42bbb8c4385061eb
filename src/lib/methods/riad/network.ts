// RIAD's network: a U-Net (four levels of two 3 x 3 convolutions with batch norm and ReLU, skip connections) that
// sees an image with squares cut out and paints the whole image. Width and levels: settings.ts.
import { tf } from '../../gpu/tf';
import { narrowConvolution3x3 } from '../../kernels/convolution/convolutionTraining';
import { linear } from '../../kernels/linear/linear';
import { BatchNorm } from '../../nn/batchNorm';
import { kaimingUniform } from '../../nn/initialise';
import type { ParameterScope } from '../../nn/parameters';
import { LEVELS } from './settings';

export const COLOURS = 3;
/** The convolution takes channels in fours: the fourth of the image is zero. */
export const INPUTS = 4;
/** Each level halves the size: images are padded to a multiple of this. */
export const STEP = 2 ** (LEVELS.length - 1);

export class Unet {
  readonly #down: Block[];
  /** From the deepest skip connection up to the first level. */
  readonly #up: Block[];
  /** [width, 3], a 1 x 1 convolution. */
  readonly #paintWeight: tf.Variable<tf.Rank.R2>;
  readonly #paintBias: tf.Variable<tf.Rank.R1>;

  /** @param width channels of the first level, a multiple of 4 */
  constructor(scope: ParameterScope, width: number) {
    const widths = LEVELS.map((multiple) => multiple * width);
    this.#down = widths.map(
      (outputs, level) => new Block(scope.scope(`down.${level}`), widths[level - 1] ?? INPUTS, outputs),
    );
    this.#up = widths.slice(0, -1).map((skipped, level) => {
      return new Block(scope.scope(`up.${level}`), skipped + widths[level + 1]!, skipped);
    });
    this.#paintWeight = scope.weight('paint.weight', kaimingUniform([width, COLOURS], width));
    this.#paintBias = scope.weight('paint.bias', kaimingUniform([COLOURS], width));
  }

  /** Images [B, S, S, 3] with holes -> whole images, the same shape. */
  apply(image: tf.Tensor4D, training: boolean): tf.Tensor4D {
    const [batch, height, width] = image.shape;
    const missing = (length: number) => (STEP - (length % STEP)) % STEP;
    const padded: tf.Tensor4D = image.pad([[0, 0], [0, missing(height)], [0, missing(width)], [0, INPUTS - COLOURS]]); // prettier-ignore
    const decoded = this.#decode(padded, training);
    const painted = linear(decoded, this.#paintWeight, this.#paintBias);
    return painted.slice([0, 0, 0, 0], [batch, height, width, COLOURS]);
  }

  #decode(image: tf.Tensor4D, training: boolean): tf.Tensor4D {
    const levels: tf.Tensor4D[] = [];
    for (const block of this.#down) {
      const above = levels.at(-1);
      levels.push(block.apply(above ? tf.maxPool(above, 2, 2, 'valid') : image, training));
    }
    return levels.reduceRight((below, skipped, level) =>
      this.#up[level]!.apply(tf.concat([skipped, doubled(below)], 3), training),
    );
  }
}

/** Twice: 3 x 3 convolution, batch norm, ReLU. */
class Block {
  readonly #convolutions: [tf.Variable<tf.Rank.R4>, BatchNorm][];

  constructor(scope: ParameterScope, inputs: number, outputs: number) {
    this.#convolutions = [inputs, outputs].map((channels, i) => [
      scope.weight(`${i}.weight`, kaimingUniform([3, 3, channels, outputs], 9 * channels)),
      new BatchNorm(scope.scope(`${i}.norm`), outputs, 'relu'),
    ]);
  }

  apply(x: tf.Tensor4D, training: boolean): tf.Tensor4D {
    return this.#convolutions.reduce(
      (y, [weight, norm]) => norm.apply(narrowConvolution3x3(y, weight), training),
      x,
    );
  }
}

/** Every pixel four times. Its gradient is the sum over those four, which tfjs would gather far more slowly. */
const doubled = tf.customGrad<tf.Tensor4D>((...args) => {
  const x = args[0] as tf.Tensor4D;
  const [, height, width] = x.shape;
  return {
    value: tf.image.resizeNearestNeighbor(x, [2 * height, 2 * width]),
    gradFunc: (dy: tf.Tensor4D) => [tf.avgPool(dy, 2, 2, 'valid').mul(4)],
  };
}) as (x: tf.Tensor4D) => tf.Tensor4D;
