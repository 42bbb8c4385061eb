// The two stages of training (METHOD: the paper's section on training): what each one trains and its loss.
// How steps follow each other is the trainer's business.
import { tf } from '../gpu/tf';
import { pasteBlock } from '../kernels/pasteBlock';
import type { BiGrid } from './biGrid';
import type { TrainConfig } from './config';
import { drawBlocks } from './fbp';
import { contrastiveLoss, reconstructionLoss } from './losses';
import type { Parameter } from './parameters';
import type { Random } from './random';
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

/** The loss of one batch phi [B, H, W, C]; draws blocks and jitter from their streams. */
export function stageLoss(
  stage: Stage,
  model: BiGrid,
  phi: tf.Tensor4D,
  config: TrainConfig,
  streams: Record<StreamName, Random>,
): tf.Scalar {
  return stage === 1 ? abnormalLoss(model, phi, config, streams) : fusedLoss(model, phi, streams);
}

/** Stage 1: the abnormal branch finds pasted blocks. */
function abnormalLoss(
  model: BiGrid,
  phi: tf.Tensor4D,
  { fbpRecipe, fbpIntensity, sigma }: TrainConfig,
  { fbp, jitter }: Record<StreamName, Random>,
): tf.Scalar {
  const [batch, height, width] = phi.shape;
  const ranges = { recipe: fbpRecipe, intensity: fbpIntensity, sigma };
  const blocks = drawBlocks(fbp, ranges, batch, height, width);
  const mask = tf.tensor3d(blocks.mask, [batch, height, width]);
  const pasted = pasteBlock(phi, mask, tf.tensor1d(blocks.intensity));
  return contrastiveLoss(abnormalScore(model.abnormalBranch(pasted, { jitter })), mask);
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
