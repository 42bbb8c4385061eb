import { describe, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose, golden } from '../../../testing/golden';
import { describeBackends } from '../../../testing/gpu';
import { toChannelsLast } from '../../../testing/torchModel';
import { contrastiveLoss, reconstructionLoss } from './losses';

describe('losses against PyTorch', () => {
  describeBackends('losses', () => {
    const read = golden('losses');
    const features = (name: string) => tf.tensor4d(toChannelsLast(read(name)), [2, 8, 8, 6]);
    const map = (name: string) => tf.tensor3d(read(name).data, [2, 8, 8]);

    it('has the same reconstruction loss', async () => {
      const loss = reconstructionLoss(features('features'), features('reconstruction'));
      expectClose(await loss.data(), read('mse_loss').data, { rtol: 1e-6, atol: 0 });
    });

    it('has the same contrastive loss', async () => {
      const loss = contrastiveLoss(map('abnormal_score'), map('mask'));
      expectClose(await loss.data(), read('contrastive_loss').data, { rtol: 1e-6, atol: 0 });
    });
  });
});

describeBackends('contrastiveLoss', () => {
  it('is zero when pasted pixels reach the margin and the others its negative', async () => {
    const mask = tf.tensor3d([1, 0, 0, 0], [1, 2, 2]);
    const loss = contrastiveLoss(tf.tensor3d([0.5, -0.5, -0.6, -2], [1, 2, 2]), mask);
    expectClose(await loss.data(), [0], { atol: 0 });
  });

  it('weighs both sides alike, however few pixels are pasted', async () => {
    const mask = tf.tensor3d([1, 0, 0, 0], [1, 2, 2]);
    expectClose(await contrastiveLoss(tf.zeros([1, 2, 2]), mask).data(), [1], { rtol: 1e-6 });
  });

  it('weighs pasted pixels once for each image as the public code does', async () => {
    const mask = tf.tensor3d([1, 0, 1, 0], [2, 1, 2]);
    // Both sides at 0 lose the margin: half for the pasted side, twice, and half for the other.
    expectClose(await contrastiveLoss(tf.zeros([2, 1, 2]), mask, 'public').data(), [1.5], { rtol: 1e-6 });
  });
});
