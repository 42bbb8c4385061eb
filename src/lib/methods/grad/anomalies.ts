// What stage 1 learns to find: the anomalies of one batch, with the mask of where they are. Blocks and noise are put
// into the features here; those drawn on images, and real ones, come from the source, since a backbone has to see them.
import { tf } from '../../gpu/tf';
import { gaussianNoise } from '../../kernels/noise/gaussianNoise';
import { pasteBlock } from '../../kernels/maps/pasteBlock';
import type { TrainConfig } from './config';
import { drawBlocks } from './fbp';
import type { Random } from '../../nn/random';
import type { InputSource } from '../../nn/trainingLoop';

/** Features with anomalies in them, to be disposed of. */
export interface Anomalies {
  /** [B, H, W, C] */
  phi: tf.Tensor4D;
  /** 1 where anomalous, else 0; some of each in every batch. [B, H, W] */
  mask: tf.Tensor3D;
}

/** Training features. */
export interface FeatureSource extends InputSource {
  /**
   * As many images with anomalies in them: the same images with something drawn on them before the backbone, or real
   * anomalous ones. Which drawing or which image, `random` decides. There when the run's anomalies are on images.
   */
  anomalous?(indices: readonly number[], random: Random): Anomalies;
}

type Settings = Pick<
  TrainConfig,
  'anomalySource' | 'anomalyNoise' | 'fbpRecipe' | 'fbpIntensity' | 'sigma' | 'direction' | 'masks'
> & {
  /** Of each channel over the training images, [C]: for blocks of random direction. */
  deviations?: tf.Tensor1D | null;
};

/** The anomalies of one batch; the batch is twice as large for noise and for real anomalies. @param random the run's stream of anomalies */
export function drawAnomalies(
  source: FeatureSource,
  indices: readonly number[],
  settings: Settings,
  random: Random,
): Anomalies {
  const drawn = anomaliesOf(source, indices, settings, random);
  return settings.masks === 'true' ? drawn : { ...drawn, mask: shuffled(drawn.mask, random) };
}

function anomaliesOf(
  source: FeatureSource,
  indices: readonly number[],
  settings: Settings,
  random: Random,
): Anomalies {
  switch (settings.anomalySource) {
    case 'fbp':
      return withBlocks(source.batch(indices), settings, random);
    case 'gaussian':
      return withNoise(source.batch(indices), settings, random);
    case 'masks':
      return together(untouched(source.batch(indices)), onImages(source, indices, random));
    case 'masks-fbp':
      return together(withBlocks(source.batch(indices), settings, random), onImages(source, indices, random));
    default:
      return onImages(source, indices, random);
  }
}

function onImages(source: FeatureSource, indices: readonly number[], random: Random): Anomalies {
  if (!source.anomalous) throw new Error('this source of features has no anomalies on images');
  return source.anomalous(indices, random);
}

/** Clean maps: nothing is anomalous. */
const untouched = (phi: tf.Tensor4D): Anomalies => {
  const [batch, height, width] = phi.shape;
  return { phi, mask: tf.zeros([batch, height, width]) };
};

/** The supervised variant: real anomalies as one half of the batch; the other teaches what is normal everywhere. */
const together = (one: Anomalies, other: Anomalies): Anomalies => ({
  phi: tf.concat([one.phi, other.phi]),
  mask: tf.concat([one.mask, other.mask]),
});

/** Feature Block Paste: the paper's. */
function withBlocks(phi: tf.Tensor4D, settings: Settings, random: Random): Anomalies {
  const [batch, height, width] = phi.shape;
  const { fbpRecipe: recipe, fbpIntensity: intensity, direction, deviations } = settings;
  // Random directions carry their unit themselves.
  const sigma = direction === 'random' ? 1 : settings.sigma;
  const blocks = drawBlocks(random, { recipe, intensity, sigma }, batch, height, width);
  const mask = tf.tensor3d(blocks.mask, [batch, height, width]);
  if (direction === 'swap') return { phi: swapped(phi, mask, random), mask };
  const strengths = tf.tensor1d(blocks.intensity);
  if (direction === 'ones') return { phi: pasteBlock(phi, mask, strengths), mask };
  const towards = normals(random, [batch, phi.shape[3]]).mul<tf.Tensor2D>(deviations!);
  return { phi: pasteBlock(phi, mask, strengths, towards), mask };
}

const normals = (random: Random, shape: [number, number]): tf.Tensor2D =>
  tf.tensor2d(random.normals(shape[0] * shape[1], 1), shape);

/**
 * Under the blurred mask the features of another image of the batch and another place, mirrored, each channel scaled by
 * 1 + N(0, 1/2): something that looks like features and does not belong there.
 */
function swapped(phi: tf.Tensor4D, mask: tf.Tensor3D, random: Random): tf.Tensor4D {
  const [batch, height, width, channels] = phi.shape;
  const order = tf.tensor1d(random.permutation(batch), 'int32');
  const moved = rolled(tf.gather(phi, order), random.int(0, height - 1), random.int(0, width - 1));
  const mirrored = moved.reverse<tf.Tensor4D>(random.coin() ? 1 : 2);
  const colour = normals(random, [batch, channels]).mul(0.5).add(1).reshape([batch, 1, 1, channels]);
  const empty = tf.zeros<tf.Rank.R4>([batch, height, width, 1]);
  const share = pasteBlock(empty, mask, tf.ones<tf.Rank.R1>([batch]));
  return phi.add(share.mul(mirrored.mul(colour).sub(phi)));
}

/** Turned round by so many rows and columns. */
function rolled<T extends tf.Tensor>(x: T, rows: number, columns: number): T {
  const along = (tensor: tf.Tensor, by: number, axis: number) => {
    const size = tensor.shape[axis]!;
    return by === 0 ? tensor : tf.concat(tf.split(tensor, [size - by, by], axis).toReversed(), axis);
  };
  return along(along(x, rows, 1), columns, 2) as T;
}

/** A control: masks as many and as large, which say nothing of where the anomalies are. */
function shuffled(mask: tf.Tensor3D, random: Random): tf.Tensor3D {
  const [batch, height, width] = mask.shape;
  const order = tf.tensor1d(random.permutation(batch), 'int32');
  return rolled(tf.gather(mask, order), random.int(0, height - 1), random.int(0, width - 1));
}

/**
 * Gaussian noise on every place, as SimpleNet makes its negatives (CVPR 2023, section on the anomalous feature generator):
 * the clean maps are the normal half of the batch, their noisy copies the anomalous one.
 */
function withNoise(phi: tf.Tensor4D, { anomalyNoise, sigma }: Settings, random: Random): Anomalies {
  const [batch, height, width] = phi.shape;
  const seed = [random.next(), random.next()] as const;
  const noise = gaussianNoise<tf.Rank.R4>(phi.shape, anomalyNoise * sigma, seed);
  const half: [number, number, number] = [batch, height, width];
  return {
    phi: tf.concat([phi, phi.add(noise)]),
    mask: tf.concat([tf.zeros<tf.Rank.R3>(half), tf.ones<tf.Rank.R3>(half)]),
  };
}
