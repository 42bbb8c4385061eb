// The two stages of training (METHOD: the paper's section on training): what each one trains and its loss.
// How steps follow each other is the training loop's business.
import { tf } from '../../gpu/tf';
import type { Parameter } from '../../nn/parameters';
import type { Random } from '../../nn/random';
import { drawAnomalies, type FeatureSource } from './anomalies';
import type { BiGrid } from './biGrid';
import type { TrainConfig } from './config';
import { contrastiveLoss, reconstructionLoss, refinedLoss } from './losses';
import type { GridMethod } from './options';
import type { Stage, StreamName } from './state';

export type { Stage } from './state';

export const STAGES: readonly Stage[] = [1, 2];

/** Epochs of stage 1 and 2, of which a single grid has but one: 0 for the other. */
export function stageEpochs(method: GridMethod, epochs: readonly [number, number]): [number, number] {
  return [method === 'normal-grid' ? 0 : epochs[0], method === 'abnormal-grid' ? 0 : epochs[1]];
}

/**
 * Stage 1 trains the abnormal branch and the coordinates it is looked up at. Stage 2 trains all but the abnormal tables, or
 * but the whole abnormal branch; shared coordinates must go on training, or the normal branch collapses.
 */
export function trainableParameters(
  model: BiGrid,
  stage: Stage,
  freeze: TrainConfig['freeze'] = 'table',
): Parameter[] {
  const shared = model.config.coordinates === undefined;
  return model.parameters.filter(({ name, role }) => {
    if (role === 'statistic') return false;
    const abnormal = name.startsWith('abnormal.');
    if (stage === 1) return abnormal || (shared && name.startsWith('coordinates.'));
    return !(abnormal && (freeze === 'branch' || role === 'table'));
  });
}

/** What is done once before a stage's first step; twice is as good as once. */
export function beginStage(stage: Stage, model: BiGrid): void {
  if (stage === 2 && model.config.coordinates === 'copied') model.copyCoordinates();
}

/**
 * The loss of one step on some training images. In stage 1 anomalies are drawn from their stream and the abnormal
 * branch has to find them; in stage 2 both branches together rebuild clean features. To be called in a tidy.
 * @param deviations of each channel over the training images, for blocks of random direction
 * @returns the loss as a function of the parameters; jitter is drawn from its stream when it is called
 */
export function stageLoss(
  stage: Stage,
  model: BiGrid,
  source: FeatureSource,
  indices: readonly number[],
  config: TrainConfig,
  streams: (name: StreamName) => Random,
  deviations: tf.Tensor1D | null = null,
): () => tf.Scalar {
  const jitter = streams('jitter');
  if (stage === 1) {
    const { phi, mask } = drawAnomalies(source, indices, { ...config, deviations }, streams('fbp'));
    return () =>
      contrastiveLoss(abnormalScore(model.abnormalBranch(phi, { jitter })), mask, config.contrastive);
  }
  const phi = source.batch(indices);
  const how = { jitter, shared: config.jitter === 'shared', frozen: config.freeze === 'branch' };
  const lossOf = config.loss === 'after' ? refinedLoss : reconstructionLoss;
  return () => lossOf(phi, model.fuse(model.branches(phi, how)));
}

/** What the abnormal branch says: channel 0 of what it rebuilds, [B, H, W, C] -> [B, H, W]. */
export function abnormalScore(abnormal: tf.Tensor4D): tf.Tensor3D {
  const [batch, height, width] = abnormal.shape;
  return tf.tidy(() =>
    abnormal.slice([0, 0, 0, 0], [batch, height, width, 1]).reshape([batch, height, width]),
  );
}
