// Against PyTorch's values, and against the formulas of the refinement composed from tfjs's own operations.
import { describe, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose, golden } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import { distanceMap } from './distanceMap';

/** The refinement step by step, x_rec and all. */
function composed(phi: tf.Tensor, xPre: tf.Tensor): tf.Tensor {
  const error = tf.squaredDifference(xPre, phi).mean(3, true);
  const near = tf.sub(1, error.mul(0.05).clipByValue(0, 1).round());
  const lengths = tf.mul(phi.square().sum(3, true).sqrt(), xPre.square().sum(3, true).sqrt());
  const cosine = phi.mul(xPre).sum(3, true).div(lengths);
  const sim = near.mul(0.3).add(cosine.mul(0.7));
  const refined = sim.mul(phi).add(tf.sub(1, sim).mul(xPre));
  return refined.sub(phi).square().sum(3).sqrt();
}

/** Features, and a reconstruction that is near in the first image and far in the second. */
function randomPair(height: number, width: number, channels: number): [tf.Tensor4D, tf.Tensor4D] {
  const phi = tf.randomNormal<tf.Rank.R4>([2, height, width, channels], 0, 1, 'float32', 5);
  const error = tf.randomNormal<tf.Rank.R4>(phi.shape, 0, 1, 'float32', 6);
  return [phi, phi.add(error.mul(tf.tensor4d([0.3, 6], [2, 1, 1, 1])))];
}

const SIZES: [number, number, number][] = [[1, 1, 1], [3, 5, 7], [4, 4, 16], [7, 3, 130]]; // prettier-ignore

describeAllBackends('distanceMap', () => {
  it.each(SIZES)('refines near and far reconstructions: %i x %i x %i', async (...size) => {
    const [phi, xPre] = randomPair(...size);
    expectClose(await distanceMap(phi, xPre, true).data(), await composed(phi, xPre).data(), { atol: 1e-5 });
  });

  it.each(SIZES)('is the plain distance without refinement: %i x %i x %i', async (...size) => {
    const [phi, xPre] = randomPair(...size);
    const expected = await xPre.sub(phi).square().sum(3).sqrt().data();
    expectClose(await distanceMap(phi, xPre, false).data(), expected, { rtol: 1e-5, atol: 1e-6 });
  });

  it('rounds half to even: a mean squared difference of exactly 10 is still near', async () => {
    // Against zero features the cosine is 0, so sim is 0.3 where near and 0 where far.
    const phi = tf.zeros<tf.Rank.R4>([1, 1, 2, 2]);
    const xPre = tf.tensor4d([4, 2, 4.0001, 2], phi.shape);
    const expected = [0.7 * Math.sqrt(20), Math.hypot(4.0001, 2)];
    expectClose(await distanceMap(phi, xPre, true).data(), expected, { rtol: 1e-5, atol: 0 });
  });

  it('is near up to the k that is given, of which 10 is the default', async () => {
    const [phi, xPre] = randomPair(3, 5, 7);
    const [first] = await xPre.sub(phi).square().mean(3).data();
    const plain = await distanceMap(phi, xPre, false).data();
    const far = await distanceMap(phi, xPre, true, 0).data();
    const near = await distanceMap(phi, xPre, true, first! * 1.001).data();
    // Without the near term 0.3 of the distance comes back.
    expect((far[0]! - near[0]!) / (0.3 * plain[0]!)).toBeCloseTo(1, 4);
    const [unsaid, ten] = [distanceMap(phi, xPre, true), distanceMap(phi, xPre, true, 10)];
    expect(await unsaid.data()).toEqual(await ten.data());
  });

  it('is exactly zero for a perfect reconstruction', async () => {
    const [phi] = randomPair(3, 3, 9);
    expect(await distanceMap(phi, phi.add(0), true).data()).toEqual(new Float32Array(18));
  });

  it('stays accurate where reconstruction and features nearly agree', async () => {
    const phi = tf.fill<tf.Rank.R4>([1, 1, 1, 64], 3);
    const error = Array.from({ length: 64 }, (_, c) => (c % 2 ? 2 ** -8 : -(2 ** -8)));
    const xPre = phi.add(tf.tensor4d(error, phi.shape)) as tf.Tensor4D;
    // d is orthogonal to phi: cos = 3 / sqrt(9 + 2^-16), 1 - cos = 2^-16 / 18 to first order.
    const distance = 8 * 2 ** -8;
    const expected = 0.7 * (2 ** -16 / 18) * distance;
    expectClose(await distanceMap(phi, xPre, true).data(), [expected], { rtol: 0.05, atol: 0 });
  });

  it('gives the same bits at every run', async () => {
    const [phi, xPre] = randomPair(5, 5, 77);
    expect(await distanceMap(phi, xPre, true).data()).toEqual(await distanceMap(phi, xPre, true).data());
  });

  it('refuses feature maps of different shapes', () => {
    expect(() => distanceMap(tf.zeros([1, 2, 2, 3]), tf.zeros([1, 2, 2, 4]), true)).toThrow(/distanceMap/);
  });
});

describe('distanceMap against PyTorch', () => {
  describeAllBackends('', () => {
    it.each(['', '_far'])('matches reconstruction%s', async (suffix) => {
      const value = golden('losses');
      const nhwc = (name: string) =>
        tf.tensor(value(name).data, value(name).shape).transpose([0, 2, 3, 1]) as tf.Tensor4D;
      const map = distanceMap(nhwc('features'), nhwc(`reconstruction${suffix}`), true);
      expectClose(await map.data(), value(`anomaly_map${suffix}`).data, { rtol: 1e-5, atol: 1e-5 });
    });
  });
});
