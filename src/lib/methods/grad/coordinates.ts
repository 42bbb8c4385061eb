// Where an image looks into the grids: one point per pixel (local) and one per image (global), each a small
// network ending in tanh. Both grids share one mapping (paper, section on coordinate mapping).
import { tf } from '../../gpu/tf';
import { channelMeans } from '../../kernels/convolution/channelMeans';
import { isVectorNetwork, vectorNetwork } from '../../kernels/inference/vectorNetwork';
import { Linear } from '../../nn/linear';
import type { ParameterScope } from '../../nn/parameters';
import type { Random } from '../../nn/random';
import { JITTER } from './config';

/** Points (x, y) in (-1, 1). */
export interface GridCoordinates {
  /** [B * H * W, 2] */
  local: tf.Tensor2D;
  /** [B, 2] */
  global: tf.Tensor2D;
}

export class CoordinateMapping {
  readonly #local: Mapping;
  readonly #global: Mapping;

  constructor(scope: ParameterScope, channels: number) {
    this.#local = new Mapping(scope.scope('local'), channels);
    this.#global = new Mapping(scope.scope('global'), channels);
  }

  /** phi [B, H, W, C] */
  apply(phi: tf.Tensor4D, training: boolean): GridCoordinates {
    return {
      local: this.#local.apply(phi.reshape([-1, phi.shape[3]]), training),
      global: this.#global.applyToFew(channelMeans(phi), training),
    };
  }
}

/** linear C -> C, tanh, linear C -> 2, tanh */
class Mapping {
  readonly #hidden: Linear;
  readonly #output: Linear;

  constructor(scope: ParameterScope, channels: number) {
    this.#hidden = new Linear(scope.scope('hidden'), channels, channels, { bias: true });
    this.#output = new Linear(scope.scope('output'), channels, 2, { bias: true });
  }

  /** [N, C] -> [N, 2] */
  apply(x: tf.Tensor2D, training: boolean): tf.Tensor2D {
    if (training) return tf.tanh(this.#output.apply(tf.tanh(this.#hidden.apply(x))));
    const activation = 'tanh';
    return this.#output.infer(this.#hidden.infer(x, { activation }), { activation });
  }

  /** The same for one vector an image. */
  applyToFew(x: tf.Tensor2D, training: boolean): tf.Tensor2D {
    const [hidden, output] = [this.#hidden, this.#output];
    if (!isVectorNetwork(hidden.weight.shape[1], 2)) return this.apply(x, training);
    const layer = ({ weight, bias }: Linear) => ({ weight, bias, activation: 'tanh' as const });
    return vectorNetwork(x, layer(hidden), layer(output));
  }
}

/**
 * CRAD's jitter: while training, Gaussian noise on the local coordinates of a whole batch, with probability 1/2, so
 * that neighbouring grid cells learn to agree. One coin per call; the noise may push a point past the grid's border,
 * where the grid reads zero.
 */
export function jitterCoordinates(coordinates: GridCoordinates, random: Random): GridCoordinates {
  if (random.uniform() >= JITTER.probability) return coordinates;
  const { local } = coordinates;
  const noise = tf.tensor2d(random.normals(local.size, JITTER.deviation), local.shape);
  return { ...coordinates, local: local.add(noise) };
}
