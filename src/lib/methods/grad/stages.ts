// The two stages of training (METHOD: the paper's section on training): what each one trains and its loss.
// How steps follow each other is the trainer's business.
import { tf } from '../../gpu/tf';
import { drawAnomalies, type Anomalies, type FeatureSource } from './anomalies';
import type { BiGrid } from './biGrid';
import type { TrainConfig } from './config';
import { contrastiveLoss, reconstructionLoss } from './losses';
import type { Parameter } from '../../nn/parameters';
import type { Random } from '../../nn/random';
import type { StreamName } from './trainState';
import type { Stage } from './plan';

/**
 * Stage 1 trains the abnormal branch and the shared coordinates. Stage 2 trains all but the abnormal tables; the
 * coordinates must go on training, or the normal branch collapses.
 */
export function trainableParameters(model: BiGrid, stage: Stage): Parameter[] {
  return model.parameters.filter(({ name, role }) => {
    if (role === 'statistic') return false;
    if (stage === 1) return name.startsWith('abnormal.') || name.startsWith('coordinates.');
    return !(role === 'table' && name.startsWith('abnormal.'));
  });
}

/** What a step of a stage looks at: features with anomalies in stage 1, clean ones in stage 2. */
export type StageInput = { stage: 1; anomalies: Anomalies } | { stage: 2; phi: tf.Tensor4D };

/** The input for some training images; draws anomalies from their stream. To be called in a tidy. */
export function stageInput(
  stage: Stage,
  source: FeatureSource,
  indices: readonly number[],
  config: TrainConfig,
  { fbp }: Record<StreamName, Random>,
): StageInput {
  if (stage === 2) return { stage, phi: source.batch(indices) };
  return { stage, anomalies: drawAnomalies(source, indices, config, fbp) };
}

/** The loss of one batch; draws jitter from its stream. */
export function stageLoss(model: BiGrid, input: StageInput, streams: Record<StreamName, Random>): tf.Scalar {
  return input.stage === 1
    ? abnormalLoss(model, input.anomalies, streams)
    : fusedLoss(model, input.phi, streams);
}

/** Stage 1: the abnormal branch finds synthetic anomalies. */
function abnormalLoss(
  model: BiGrid,
  { phi, mask }: Anomalies,
  { jitter }: Record<StreamName, Random>,
): tf.Scalar {
  return contrastiveLoss(abnormalScore(model.abnormalBranch(phi, { jitter })), mask);
}

/** Stage 2: both branches together rebuild clean features. */
function fusedLoss(model: BiGrid, phi: tf.Tensor4D, { jitter }: Record<StreamName, Random>): tf.Scalar {
  return reconstructionLoss(phi, model.fuse(model.branches(phi, { jitter })));
}

/** What the abnormal branch says: channel 0 of what it rebuilds, [B, H, W, C] -> [B, H, W]. */
export function abnormalScore(abnormal: tf.Tensor4D): tf.Tensor3D {
  const [batch, height, width] = abnormal.shape;
  return tf.tidy(() =>
    abnormal.slice([0, 0, 0, 0], [batch, height, width, 1]).reshape([batch, height, width]),
  );
}
