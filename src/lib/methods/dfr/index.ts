// DFR (Yang, Shi, Qi: "DFR: Deep Feature Reconstruction for Unsupervised Anomaly Segmentation", 2020, arXiv
// 2012.07122): an auto-encoder of 1 x 1 convolutions learns to rebuild the features of every position; where it fails,
// the position is anomalous. The width of its latent space is the number of principal components that hold 90 % of
// the features' variance.
//
// Where this differs from the paper: features are the playground's phi (two levels of any backbone, stride 8) instead
// of twelve layers of a VGG-19 averaged over 4 x 4 pixels.
import { tf } from '../../gpu/tf';
import { meanSquaredError } from '../../kernels/linear/weightedSum';
import { BatchNorm } from '../../nn/batchNorm';
import { Linear } from '../../nn/linear';
import { drawn, ParameterScope } from '../../nn/parameters';
import { Random } from '../../nn/random';
import { fitInSteps, learn, type FitSteps } from '../../nn/fit';
import { defineMethod, type Detector, type FitContext } from '../detector';
import { epochsOf, learnerOptions, type LearnerOptions } from '../options';
import { componentsFor, Covariance } from '../principalComponents';
import { configIn, freedUnlessBuilt, freedUnlessFitted, readParameters, size, stored } from '../stored';
import { DFR as ABOUT } from './about';

/**
 * The paper's settings; images for the principal components as in the public code. Its batch is 4; here, as for every
 * method, the table's.
 */
export const DFR = {
  /** Share of the variance that the latent space holds. */
  variance: 0.9,
  /** Training images, drawn at random, whose positions the principal components are computed from. */
  varianceImages: 10,
  learningRate: 1e-4,
  epochs: 700,
} as const;

/** Widths of the layers: C -> (C + 2d) / 2 -> 2d -> d and back. */
export function layerWidths(channels: number, latent: number): number[] {
  const outer = Math.floor((channels + 2 * latent) / 2);
  return [channels, outer, 2 * latent, latent, 2 * latent, outer, channels];
}

/** The latent layer and the last one: nothing follows them. */
export const isPlainLayer = (index: number): boolean => index === 2 || index === 5;

/** The auto-encoder: every layer but the latent and the last is followed by batch normalisation and ReLU. */
export class FeatureAutoEncoder {
  readonly #layers: { linear: Linear; normalisation: BatchNorm | null }[];

  constructor(
    readonly scope: ParameterScope,
    readonly channels: number,
    readonly latent: number,
  ) {
    const widths = layerWidths(channels, latent);
    this.#layers = widths.slice(1).map((outputs, i) => {
      const layer = scope.scope(`layers.${i}`);
      const linear = new Linear(layer, widths[i]!, outputs, { bias: true });
      return {
        linear,
        normalisation: isPlainLayer(i) ? null : new BatchNorm(layer.scope('normalisation'), outputs, 'relu'),
      };
    });
  }

  /** phi [B, H, W, C] -> what the auto-encoder makes of it, of the same shape. */
  rebuild(phi: tf.Tensor4D, training: boolean): tf.Tensor4D {
    return this.#layers.reduce((x, { linear, normalisation }) => {
      const y = linear.apply(x);
      return normalisation ? normalisation.apply(y, training) : y;
    }, phi);
  }

  /** Mean over all elements of (phi - rebuilt)^2. */
  loss(phi: tf.Tensor4D): tf.Scalar {
    return meanSquaredError(phi, this.rebuild(phi, true));
  }

  /** Mean over the channels of (phi - rebuilt)^2, [B, H, W]. */
  error(phi: tf.Tensor4D): tf.Tensor3D {
    return tf.tidy(() => phi.squaredDifference(this.rebuild(phi, false)).mean<tf.Tensor3D>(3));
  }
}

function fit(context: FitContext<LearnerOptions>): Promise<Detector | null> {
  const { source, shape, seed, batch, options } = context;
  const epochs = epochsOf(options, DFR.epochs);
  const images = Random.stream(seed, 'variance images')
    .permutation(source.count)
    .slice(0, DFR.varianceImages);
  const total = images.length + epochs * Math.ceil(source.count / batch);
  return fitInSteps(context, total, async (steps) => {
    const latent = await latentWidth(steps, shape.channels, images);
    if (latent === null) return null;
    const scope = ParameterScope.root(drawn(seed));
    return freedUnlessFitted(scope, async () => {
      const network = new FeatureAutoEncoder(scope, shape.channels, latent);
      const losses = await learn(context, {
        groups: [{ parameters: scope.list, learningRate: DFR.learningRate }],
        epochs,
        loss: (phi) => network.loss(phi),
        stepsBefore: images.length,
      });
      return losses && detector(network);
    });
  });
}

/** The first phase: one step an image. @returns null when cancelled */
async function latentWidth(
  steps: FitSteps,
  channels: number,
  images: readonly number[],
): Promise<number | null> {
  const covariance = new Covariance(channels);
  const add = async (phi: tf.Tensor4D) => covariance.add(await phi.data<'float32'>());
  const whole = await steps.everyBatch('principal components', add, { inputs: images, batch: 1 });
  return whole ? componentsFor(covariance.matrix(), channels, DFR.variance) : null;
}

function detector(network: FeatureAutoEncoder): Detector {
  const { channels, latent, scope } = network;
  return {
    method: ABOUT.id,
    config: { channels, latent },
    map: (phi) => network.error(phi),
    comparison: (phi) => ({ seen: phi.clone(), expected: tf.tidy(() => network.rebuild(phi, false)) }),
    tensors: () => readParameters(scope.list),
    dispose: () => scope.dispose(),
  };
}

/** Fitted on feature maps; the anomaly map is the squared error of the rebuilt features, averaged over channels. */
export const dfr = defineMethod({
  about: ABOUT,
  optionsFrom: learnerOptions,
  fit,
  restore: (config, tensors) => {
    const { channels, latent } = configIn({ channels: size, latent: size }, config);
    const scope = ParameterScope.root(stored(tensors));
    return freedUnlessBuilt(scope, () => detector(new FeatureAutoEncoder(scope, channels, latent)));
  },
});
export default dfr;
