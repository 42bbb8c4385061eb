// SimpleNet (Liu, Zhou, Xu, Wang: "SimpleNet: A Simple Network for Image Anomaly Detection and Localization", CVPR
// 2023): features are adapted by one layer, copies of them are disturbed by Gaussian noise, and a small discriminator
// learns to tell the two apart. At test time it sees no noise: what it takes for noise is anomalous.
//
// Where this differs from the paper: features are the playground's phi, of any backbone, and their 3 x 3 neighbourhoods
// are averaged on phi rather than on each level before alignment; borders average over the cells that exist. The noise is
// set in sigma, and stronger than the paper's 0.015 of its own features: docs/methods.md says why.
import { tf } from '../../gpu/tf';
import { gaussianNoise } from '../../kernels/noise/gaussianNoise';
import { BatchNorm } from '../../nn/batchNorm';
import { xavierNormal } from '../../nn/initialise';
import { Linear } from '../../nn/linear';
import { drawn, ParameterScope, type Parameter } from '../../nn/parameters';
import { learn } from '../../nn/fit';
import type { Streams } from '../../nn/trainingLoop';
import { defineMethod, type Detector, type FitContext } from '../detector';
import { epochsOf } from '../options';
import { configIn, freedUnlessBuilt, freedUnlessFitted, readParameters, size, stored } from '../stored';
import { SIMPLENET as ABOUT, simplenetOptions, type SimplenetOptions } from './about';

/**
 * The paper's settings (its section on implementation), and the public code's start values and width. Its batch is 4;
 * here, as for every method, the table's.
 */
export const SIMPLENET = {
  /** Cells per side of the neighbourhood that is averaged (p). */
  neighbourhood: 3,
  /** th, of both sides of the truncated L1 loss. */
  margin: 0.5,
  /** Slope of the leaky ReLU below zero. */
  slope: 0.2,
  /** Width of the discriminator's hidden layer, as a share of the channels: 1024 of 1536 in the public code. */
  hidden: 1 / 1.5,
  adaptorLearningRate: 1e-4,
  discriminatorLearningRate: 2e-4,
  weightDecay: 1e-5,
  epochs: 160,
} as const;

/** The two trained parts; both work on every position alike. */
export class SimpleNetwork {
  /** One layer without bias, as in the paper (the public code's has one). */
  readonly #adaptor: Linear;
  readonly #hidden: Linear;
  readonly #normalisation: BatchNorm;
  readonly #tail: Linear;

  constructor(
    readonly scope: ParameterScope,
    readonly channels: number,
  ) {
    const hidden = Math.max(1, Math.floor(channels * SIMPLENET.hidden));
    const start = (inputs: number, outputs: number, bias: boolean) => ({
      bias,
      start: xavierNormal(inputs, outputs),
    });
    this.#adaptor = new Linear(scope.scope('adaptor'), channels, channels, start(channels, channels, false));
    const discriminator = scope.scope('discriminator');
    this.#hidden = new Linear(discriminator.scope('hidden'), channels, hidden, start(channels, hidden, true));
    this.#normalisation = new BatchNorm(discriminator.scope('normalisation'), hidden);
    this.#tail = new Linear(discriminator.scope('tail'), hidden, 1, start(hidden, 1, false));
  }

  /** Parameters of one part, by the first word of their names. */
  part(name: 'adaptor' | 'discriminator'): Parameter[] {
    return this.scope.list.filter((parameter) => parameter.name.startsWith(`${name}.`));
  }

  /** phi [B, H, W, C] -> locally aware, adapted features q of the same shape. */
  adapt(phi: tf.Tensor4D): tf.Tensor4D {
    return this.#adaptor.apply(tf.avgPool(phi, SIMPLENET.neighbourhood, 1, 'same'));
  }

  /** Adapted features [B, H, W, C] -> normality D, positive for clean ones, [B, H, W]. */
  discriminate(features: tf.Tensor4D, training: boolean): tf.Tensor3D {
    const hidden = this.#normalisation.apply(this.#hidden.apply(features), training);
    return tf.squeeze<tf.Tensor3D>(this.#tail.apply(hidden.leakyRelu(SIMPLENET.slope)), [3]);
  }

  /**
   * The paper's truncated L1 loss (equation 6 and 7): clean positions are pushed above the margin, noisy ones below its
   * negative. Both pass the discriminator as one batch and share its batch statistics.
   * @param noise of the adapted features' shape [B, H, W, C]
   */
  loss(phi: tf.Tensor4D, noise: tf.Tensor4D): tf.Scalar {
    const clean = this.adapt(phi);
    const [onClean, onNoisy] = tf.split(this.discriminate(tf.concat([clean, clean.add(noise)]), true), 2) as [
      tf.Tensor3D,
      tf.Tensor3D,
    ];
    const tooLow = onClean.mul(-1).add(SIMPLENET.margin).relu().mean();
    const tooHigh = onNoisy.add(SIMPLENET.margin).relu().mean();
    return tooLow.add(tooHigh).asScalar();
  }
}

async function fit(context: FitContext<SimplenetOptions>): Promise<Detector | null> {
  const { seed, shape, sigma, options } = context;
  const scope = ParameterScope.root(drawn(seed));
  return freedUnlessFitted(scope, async () => {
    const network = new SimpleNetwork(scope, shape.channels);
    const l2 = SIMPLENET.weightDecay;
    const deviation = options.noise * sigma;
    const losses = await learn(context, {
      groups: [
        { parameters: network.part('adaptor'), learningRate: SIMPLENET.adaptorLearningRate, l2 },
        { parameters: network.part('discriminator'), learningRate: SIMPLENET.discriminatorLearningRate, l2 },
      ],
      epochs: epochsOf(options, SIMPLENET.epochs),
      loss: (phi, random) => network.loss(phi, drawNoise(phi.shape, deviation, random)),
    });
    return losses && detector(network);
  });
}

/** Noise for the adapted features, of the same deviation in every channel and step, as in the paper. */
function drawNoise(shape: tf.Tensor4D['shape'], deviation: number, random: Streams): tf.Tensor4D {
  const stream = random('feature noise');
  return gaussianNoise<tf.Rank.R4>(shape, deviation, [stream.next(), stream.next()]);
}

function detector(network: SimpleNetwork): Detector {
  return {
    method: ABOUT.id,
    config: { channels: network.channels },
    map: (phi) => tf.tidy(() => network.discriminate(network.adapt(phi), false).mul(-1)),
    comparison: (phi) => ({ seen: phi.clone(), expected: tf.tidy(() => network.adapt(phi)) }),
    tensors: () => readParameters(network.scope.list),
    dispose: () => network.scope.dispose(),
  };
}

/** Fitted on feature maps; the anomaly map is -D, in units of the margin's scale. */
export const simplenet = defineMethod({
  about: ABOUT,
  optionsFrom: simplenetOptions,
  fit,
  restore: (config, tensors) => {
    const { channels } = configIn({ channels: size }, config);
    const scope = ParameterScope.root(stored(tensors));
    return freedUnlessBuilt(scope, () => detector(new SimpleNetwork(scope, channels)));
  },
});
export default simplenet;
