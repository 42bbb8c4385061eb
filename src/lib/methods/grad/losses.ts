// The two training losses (paper, sections on feature reconstruction and on the contrastive loss).
import { tf } from '../../gpu/tf';
import { meanSquaredError } from '../../kernels/linear/weightedSum';
import { NEAR, SHORTEST } from '../../kernels/maps/distanceMap';
import { CONTRASTIVE_MARGIN } from './config';
import type { GradOptions } from './options';

/** Mean of (phi - xPre)^2 over all elements, xPre being the fused features before refinement. A scalar. */
export function reconstructionLoss(phi: tf.Tensor4D, xPre: tf.Tensor4D): tf.Scalar {
  return meanSquaredError(phi, xPre);
}

/**
 * The same after the refinement, as in the public code of CRAD and GRAD: the mean over all elements of
 * (phi - x_rec)^2 = ((1 - sim) (phi - xPre))^2, sim = 0.3 i + 0.7 c. Gradients pass through the cosine c; i is a step, and
 * its k the raw one, since what k will be is not known before the end. A scalar.
 */
export function refinedLoss(phi: tf.Tensor4D, xPre: tf.Tensor4D): tf.Scalar {
  return tf.tidy(() => {
    const squares = tf.squaredDifference(phi, xPre).sum(3);
    // Not sqrt at 0: its slope there has no bound.
    const lengthOf = (x: tf.Tensor4D) => x.square().sum(3).add(SHORTEST ** 2).sqrt(); // prettier-ignore
    const cosine = phi
      .mul(xPre)
      .sum(3)
      .div(lengthOf(phi).mul(lengthOf(xPre)));
    // A step's slope is taken for 0, as PyTorch takes that of round().
    const near = tf.scalar(1).sub(squares.sub(NEAR * phi.shape[3]).step());
    const unlike = tf.scalar(1).sub(near.mul(0.3)).sub(cosine.mul(0.7));
    return unlike.square().mul(squares).sum<tf.Scalar>().div(phi.size);
  });
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
