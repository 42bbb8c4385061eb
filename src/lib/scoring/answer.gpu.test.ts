// The one way from features to a score, without an engine: a method of the simplest kind answers, so that every number can
// be computed by hand.
import { expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import { upsampleMap } from '../kernels/maps/smoothMap';
import type { Detector } from '../methods/detector';
import { describeBackends } from '../../testing/gpu';
import { answer, enlarge, type AnsweringModel, type AnswerOptions } from './answer';
import { readFiniteScores, withFiniteCheck } from './finiteScores';

const SIZE = 8;
const PLAIN = { size: SIZE, smooth: 'none', refine: false } as const;

/** Its map is channel 0 of what it is given. */
const channel: Detector = {
  method: 'padim',
  config: {},
  map: (input) => tf.tidy(() => input.slice([0, 0, 0, 0], [-1, -1, -1, 1]).squeeze<tf.Tensor3D>([3])),
  tensors: async () => ({}),
  dispose: () => undefined,
};
const raw: AnsweringModel = { model: channel, statistics: { sigma: 3, channels: null } };

/** [n, 4, 4, 2], counting up from 0 in each image. */
const counting = (images: number): tf.Tensor4D =>
  tf.tidy(() => tf.tile(tf.range(0, 32).reshape<tf.Tensor4D>([1, 4, 4, 2]), [images, 1, 1, 1]));

async function read(state: AnsweringModel, phi: tf.Tensor4D, how: Partial<AnswerOptions> = {}) {
  const checked = tf.tidy(() => {
    const found = answer(state, phi, { ...PLAIN, ...how });
    return withFiniteCheck(found, found.scored, found.maps.fused);
  });
  const names = Array.from({ length: checked.shape[0] }, (_, i) => `image ${i}`);
  return readFiniteScores(checked, names).finally(() => checked.dispose());
}

/** The counting images with one value in the last image replaced. */
function spoilt(value: number): tf.Tensor4D {
  const values = Float32Array.from({ length: 64 }, (_, i) => i % 32);
  // Channel 1: the method does not look at it.
  values[63] = value;
  return tf.tensor4d(values, [2, 4, 4, 2]);
}

describeBackends('answer', () => {
  it('scores by the maximum of the enlarged map and gives extremes in the same read', async () => {
    expect(await read(raw, counting(2))).toEqual(
      Array.from({ length: 2 }, () => ({ score: 30, extremes: [[0, 30], [0, 30]] })), // prettier-ignore
    );
  });

  it('enlarges without smoothing, and keeps nothing but the answer', async () => {
    const phi = counting(1);
    const { numTensors } = tf.memory();
    const found = answer(raw, phi, PLAIN);
    expect(found.scored.shape).toEqual([1, SIZE, SIZE]);
    const alone = enlarge(found.maps.fused, SIZE);
    expect(await alone.data()).toEqual(await upsampleMap(found.maps.fused, SIZE).data());
    expect(await found.scored.data()).toEqual(await alone.data());
    expect([found.maps.normal, found.maps.abnormal, found.mask]).toEqual([null, null, null]);
    tf.dispose([found as unknown as tf.TensorContainer, alone]);
    // The one that the comparison made.
    expect(tf.memory().numTensors - numTensors).toBe(1);
  });

  it('takes the method’s own score where it has one', async () => {
    const model = { ...channel, imageScores: (input: tf.Tensor4D) => tf.tidy(() => input.min<tf.Tensor1D>([1, 2, 3]).sub<tf.Tensor1D>(5)) }; // prettier-ignore
    expect((await read({ ...raw, model }, counting(2))).map(({ score }) => score)).toEqual([-5, -5]);
  });

  it.each([
    ['top', 25, 27],
    ['quantile', 25, 24],
    ['top', 100, 15],
    ['quantile', 100, 0],
    ['quantile', 0.01, 30],
    ['raw', 1, 30],
  ] as const)('reads the %s of %f %% as the image score', async (imageScore, imageShare, wanted) => {
    // As large as the map: its values are 0, 2, ... 30 themselves.
    const how = { size: 4, imageScore, imageShare };
    expect((await read(raw, counting(2), how)).map(({ score }) => score)).toEqual([wanted, wanted]);
  });

  it('leaves the smoothed map out of the raw maximum', async () => {
    const how = { size: 64, smooth: 'gauss', imageScore: 'raw' } as const;
    const [first] = await read(raw, counting(1), how);
    expect(first!.score).toBe(30);
    expect(first!.extremes[0]![1]).toBeLessThan(30);
  });

  it('normalises per channel as the training features were', async () => {
    const channels = { mean: Float32Array.of(10, 0), std: Float32Array.of(2, 1) };
    const [first] = await read({ model: channel, statistics: { sigma: 1, channels } }, counting(1));
    expect(first).toEqual({ score: 10, extremes: [[-5, 10], [-5, 10]] }); // prettier-ignore
  });

  it('pastes each block into the one image, in units of sigma', async () => {
    const block = { shape: 'brush', size: 0, x: 0, y: 0, seed: 0, steps: 0, cells: [15] } as const;
    const blocks = [0, 2, 20].map((intensity) => ({ ...block, intensity }));
    const scores = (await read(raw, counting(1), { blocks })).map(({ score }) => score);
    expect(scores[0]).toBe(30);
    expect(scores[1]).toBeGreaterThan(30);
    expect(scores[2]! - 30).toBeCloseTo(10 * (scores[1]! - 30), 3);
    const { mask } = answer(raw, counting(1), { ...PLAIN, blocks: [blocks[1]!] });
    expect([...(await mask!.data())]).toEqual(Array.from({ length: 16 }, (_, i) => Number(i === 15)));
    expect(() => answer(raw, counting(2), { ...PLAIN, blocks })).toThrow(RangeError);
  });

  it.each([NaN, Infinity, -Infinity])(
    'refuses %f by the image’s name where the method overlooks it',
    async (value) => {
      await expect(read(raw, spoilt(value))).rejects.toMatchObject({
        name: 'ScoreNotFinite',
        message: 'image 1 cannot be scored: its features hold values that are no finite numbers.',
      });
    },
  );

  it('refuses a map that overflows', async () => {
    const model = {
      ...channel,
      map: (input: tf.Tensor4D) => tf.tidy(() => channel.map(input).mul<tf.Tensor3D>(3e37)),
    };
    await expect(read({ ...raw, model }, counting(1))).rejects.toMatchObject({
      name: 'ScoreNotFinite',
      message: expect.stringContaining('image 0 cannot be scored: its anomaly map holds') as unknown,
    });
  });
});
