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

type Settings = Pick<TrainConfig, 'anomalySource' | 'anomalyNoise' | 'fbpRecipe' | 'fbpIntensity' | 'sigma'>;

/** The anomalies of one batch; the batch is twice as large for noise and for real anomalies. @param random the run's stream of anomalies */
export function drawAnomalies(
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
  const { fbpRecipe: recipe, fbpIntensity: intensity, sigma } = settings;
  const blocks = drawBlocks(random, { recipe, intensity, sigma }, batch, height, width);
  const mask = tf.tensor3d(blocks.mask, [batch, height, width]);
  return { phi: pasteBlock(phi, mask, tf.tensor1d(blocks.intensity)), mask };
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
