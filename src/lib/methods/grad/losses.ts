// The two training losses (paper, sections on feature reconstruction and on the contrastive loss).
import type { tf } from '../../gpu/tf';
import { meanSquaredError } from '../../kernels/linear/weightedSum';
import { CONTRASTIVE_MARGIN } from './config';
import type { GradOptions } from './options';

/** Mean of (phi - xPre)^2 over all elements, xPre being the fused features before refinement. A scalar. */
export function reconstructionLoss(phi: tf.Tensor4D, xPre: tf.Tensor4D): tf.Scalar {
  return meanSquaredError(phi, xPre);
}

/**
 * Truncated L1: pasted pixels are pushed above the margin, the others below its negative, each side averaged over
 * its own pixels. The public code
 * sums the pasted side over the batch and divides by one image's share of the mask: as many times heavier as there are images.
 * @param score channel 0 of the abnormal branch, [B, H, W]; @param mask 1 where a block was pasted, [B, H, W]
 */
export function contrastiveLoss(
  score: tf.Tensor3D,
  mask: tf.Tensor3D,
  kind: GradOptions['contrastive'] = 'mean',
): tf.Scalar {
  const pasted = mask.div(kind === 'mean' ? mask.sum() : mask.sum().div(mask.shape[0]));
  const rest = mask.mul(-1).add(1);
  const other = rest.div(rest.sum());
  const tooLow = score.mul(-1).add(CONTRASTIVE_MARGIN).relu();
  const tooHigh = score.add(CONTRASTIVE_MARGIN).relu();
  return tooLow.mul(pasted).add(tooHigh.mul(other)).sum();
}
