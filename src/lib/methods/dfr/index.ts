// DFR (Yang, Shi, Qi: "DFR: Deep Feature Reconstruction for Unsupervised Anomaly Segmentation", 2020, arXiv
// 2012.07122): an auto-encoder of 1 x 1 convolutions learns to rebuild the features of every position; where it fails,
// the position is anomalous. The width of its latent space is the number of principal components that hold 90 % of
// the features' variance.
//
// Where this differs from the paper: features are the playground's phi (two levels of any backbone, stride 8) instead
// of twelve layers of a VGG-19 averaged over 4 x 4 pixels.
import { faults } from '../../gpu/faults';
import { tf } from '../../gpu/tf';
import { meanSquaredError } from '../../kernels/linear/weightedSum';
import { BatchNorm } from '../../nn/batchNorm';
import { NothingToTrain } from '../grad/errors';
import { Linear } from '../../nn/linear';
import { nextTask } from '../../nn/yieldToEventLoop';
import { drawn, ParameterScope } from '../../nn/parameters';
import { Random } from '../../nn/random';
import type { Detector, FitContext, MethodDefinition } from '../detector';
import { NoCheckpoint } from '../errors';
import { epochsOf, fitLoop } from '../../nn/fitLoop';
import { componentsFor, Covariance } from '../principalComponents';
import { freedUnlessBuilt, freedUnlessFitted, readParameters, sizeIn, stored } from '../storedParameters';

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
      const plain = i === 2 || i === 5;
      return {
        linear,
        normalisation: plain ? null : new BatchNorm(layer.scope('normalisation'), outputs, 'relu'),
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

async function fit(context: FitContext): Promise<Detector | null> {
  if (context.source.count === 0) throw new NothingToTrain();
  const epochs = epochsOf(context, DFR.epochs);
  const images = drawImages(context);
  const stepsAfter = epochs * Math.ceil(context.source.count / context.params.batch);
  const latent = await latentWidth(context, images, stepsAfter);
  if (latent === null) return null;
  const scope = ParameterScope.root(drawn(context.params.seed));
  return freedUnlessFitted(scope, async () => {
    const network = new FeatureAutoEncoder(scope, context.shape.channels, latent);
    const losses = await fitLoop(context, {
      groups: [{ parameters: scope.list, learningRate: DFR.learningRate }],
      epochs,
      batch: context.params.batch,
      loss: (phi) => network.loss(phi),
      stepsBefore: images.length,
    });
    return losses && detector(network);
  });
}

function drawImages({ params, source }: FitContext): number[] {
  return Random.stream(params.seed, 'variance images').permutation(source.count).slice(0, DFR.varianceImages);
}

/** The first phase: one step an image. @returns null when cancelled */
async function latentWidth(
  { source, shape, control, report }: FitContext,
  images: readonly number[],
  stepsAfter: number,
): Promise<number | null> {
  const covariance = new Covariance(shape.channels);
  for (const [done, image] of images.entries()) {
    if (!(await control.next(() => Promise.reject(new NoCheckpoint())))) return null;
    await source.ready?.([image]);
    covariance.add(await readImage(source.batch([image])));
    const steps = images.length + stepsAfter;
    report({ phase: 'principal components', step: done + 1, steps, losses: [] });
    await nextTask();
  }
  return componentsFor(covariance.matrix(), shape.channels, DFR.variance);
}

async function readImage(phi: tf.Tensor4D): Promise<Float32Array> {
  try {
    const values = await phi.data<'float32'>();
    faults.check();
    return values;
  } finally {
    phi.dispose();
  }
}

function detector(network: FeatureAutoEncoder): Detector {
  const { channels, latent, scope } = network;
  return {
    method: 'dfr',
    config: { channels, latent },
    map: (phi) => network.error(phi),
    tensors: () => readParameters(scope.list),
    dispose: () => scope.dispose(),
  };
}

/** Fitted on feature maps; the anomaly map is the squared error of the rebuilt features, averaged over channels. */
export const dfr: MethodDefinition = {
  id: 'dfr',
  input: 'features',
  fit,
  restore: (config, tensors) => {
    const [channels, latent] = [sizeIn(config, 'channels'), sizeIn(config, 'latent')];
    const scope = ParameterScope.root(stored(tensors));
    return freedUnlessBuilt(scope, () => detector(new FeatureAutoEncoder(scope, channels, latent)));
  },
};
