import { beforeAll, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { jitterCoordinates, type GridCoordinates } from './coordinates';
import { Random } from '../../nn/random';

beforeAll(async () => void (await tf.setBackend('cpu')));

const zeros = (): GridCoordinates => ({ local: tf.zeros([500, 2]), global: tf.zeros([4, 2]) });

it('moves the local points of about half of all batches, and never the global ones', () => {
  const random = Random.stream(0, 'jitter');
  const coordinates = zeros();
  let moved = 0;
  for (let i = 0; i < 200; i++) {
    const jittered = jitterCoordinates(coordinates, random);
    expect(jittered.global).toBe(coordinates.global);
    if (jittered.local !== coordinates.local) moved++;
  }
  expect(Math.abs(moved - 100)).toBeLessThan(30);
});

it('moves them by Gaussian noise of deviation 0.05', async () => {
  const random = Random.stream(1, 'jitter');
  const coordinates = zeros();
  let { local } = coordinates;
  while (local === coordinates.local) local = jitterCoordinates(coordinates, random).local;
  const values = await local.data<'float32'>();
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  expect(Math.abs(deviation - 0.05)).toBeLessThan(0.005);
});
