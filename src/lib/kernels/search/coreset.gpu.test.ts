// The greedy choice against a plain float64 one that never looks at the kernel's way of keeping distances.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { Random } from '../../nn/random';
import { describeAllBackends } from '../../../testing/gpu';
import { coresetDistances, coresetWidth, pickCoreset } from './coreset';

type Point = number[];

function randomPoints(count: number, channels: number): Point[] {
  const random = Random.stream(count, 'points');
  return Array.from({ length: count }, () => [...random.normals(channels, 1)]);
}

const squaredDistance = (a: Point, b: Point) => a.reduce((sum, value, c) => sum + (value - b[c]!) ** 2, 0);

/** Farthest point first, all distances computed anew for every pick. */
function greedy(points: Point[], count: number, first: number): number[] {
  const picks = [first];
  while (picks.length < count) {
    const reach = (point: Point, i: number) =>
      picks.includes(i) ? -1 : Math.min(...picks.map((pick) => squaredDistance(point, points[pick]!)));
    const reaches = points.map(reach);
    picks.push(reaches.indexOf(Math.max(...reaches)));
  }
  return picks;
}

/** The kernel's picks, in as many calls as there are ends. */
async function picked(points: Point[], ends: number[], first: number): Promise<number[]> {
  const width = coresetWidth(points[0]!.length);
  const store = new Float32Array(points.length * width);
  points.forEach((point, i) => store.set(point, i * width));
  const state = {
    points: tf.tensor2d(store, [points.length, width]),
    distances: coresetDistances(points.length, first),
    picks: tf.fill<tf.Rank.R1>([ends.at(-1)!], -7),
  };
  ends.forEach((to, i) =>
    pickCoreset(state.points, state.distances, state.picks, { from: ends[i - 1] ?? 0, to }),
  );
  const picks = Array.from(await state.picks.data());
  tf.dispose(state);
  return picks;
}

describeAllBackends('pickCoreset', () => {
  it.each([
    [1, 1, 1],
    [5, 3, 5],
    [63, 2, 20],
    [257, 7, 30],
    [1030, 33, 25],
  ])(
    'takes the farthest point again and again: %i points, %i channels, %i picks',
    async (count, channels, picks) => {
      const points = randomPoints(count, channels);
      const first = Math.floor(count / 2);
      expect(await picked(points, [picks], first)).toEqual(greedy(points, picks, first));
    },
  );

  it('goes on where the call before ended', async () => {
    const points = randomPoints(300, 5);
    expect(await picked(points, [1, 2, 9, 40], 7)).toEqual(await picked(points, [40], 7));
  });

  it('chooses every point once before it runs out, also of equal points', async () => {
    const equal = Array.from({ length: 70 }, () => [1, 2, 3]);
    expect(await picked(equal, [70], 3)).toEqual([
      3,
      ...Array.from({ length: 70 }, (_, i) => i).filter((i) => i !== 3),
    ]);
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await picked(randomPoints(300, 5), [3, 20], 0);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses more picks than there is room for', () => {
    const points = tf.zeros<tf.Rank.R2>([8, 4]);
    const picks = tf.zeros<tf.Rank.R1>([4]);
    expect(() => pickCoreset(points, coresetDistances(8, 0), picks, { from: 0, to: 5 })).toThrow(
      /pickCoreset/,
    );
  });
});
