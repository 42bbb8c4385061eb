// PatchCore from images to scores against plain float64 loops: pooled patches, the greedy coreset, the map, the re-weighted
// score; and its edges.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import type { Params } from '../../../settings/table';
import { randomImages, stacked, storedTensors, testFit } from '../../../testing/featureFit';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import { BadModelFile } from '../errors';
import { NothingToTrain } from '../../nn/errors';
import { Random } from '../../nn/random';
import type { Detector, DetectorConfig } from '../detector';
import { FeaturesNotFinite, MemoryTooLarge } from '../memoryErrors';
import { patchcore } from '.';
import { reweightedScores } from './imageScore';
import { locallyAwarePatches } from './patches';

const SHAPE = { height: 3, width: 4, channels: 6 };
const PATCHES = SHAPE.height * SHAPE.width;
/** Five images have 60 patches. */
const FIFTEEN: Partial<Params> = { coresetPercent: 25 };

type Point = number[];
const distance = (a: Point, b: Point) => Math.hypot(...a.map((value, i) => value - b[i]!));

/** Mean over 3 x 3 places, zeros beyond the border. */
function pooled(image: Float32Array, channels = SHAPE.channels): Point[] {
  const { height, width } = SHAPE;
  const at = (y: number, x: number, c: number) =>
    y < 0 || x < 0 || y >= height || x >= width ? 0 : image[(y * width + x) * channels + c]!;
  return Array.from({ length: PATCHES }, (_, place) => {
    const [y, x] = [Math.floor(place / width), place % width];
    const around = (c: number) => [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => at(y + dy, x + dx, c)));
    return Array.from({ length: channels }, (_, c) => around(c).reduce((sum, value) => sum + value, 0) / 9);
  });
}

/** Farthest point first. */
function greedy(points: Point[], count: number, first: number): number[] {
  const picks = [first];
  while (picks.length < count) {
    const reaches = points.map((point, i) =>
      picks.includes(i) ? -1 : Math.min(...picks.map((pick) => distance(point, points[pick]!))),
    );
    picks.push(reaches.indexOf(Math.max(...reaches)));
  }
  return picks;
}

const nearest = (query: Point, bank: Point[]) => Math.min(...bank.map((point) => distance(query, point)));

/** Equations 6 and 7. */
function reweighted(queries: Point[], bank: Point[], b: number): number {
  const reach = (query: Point) => nearest(query, bank);
  const farthest = queries.reduce((best, query) => (reach(query) > reach(best) ? query : best));
  const score = reach(farthest);
  const closest = bank.find((point) => distance(point, farthest) === score)!;
  const support = [...bank].sort((p, q) => distance(p, closest) - distance(q, closest)).slice(0, b);
  const sum = support.reduce((total, point) => total + Math.exp(distance(farthest, point)), 0);
  return (1 - Math.exp(score) / sum) * score;
}

async function fitted(images: Float32Array[], params: Partial<Params> = FIFTEEN): Promise<Detector> {
  return (await patchcore.fit(testFit(SHAPE, images, params)))!;
}

/** What the detector remembers, patch by patch. */
async function bankOf(detector: Detector): Promise<Point[]> {
  const { shape, data } = (await storedTensors(detector)).get('patches')!;
  return Array.from({ length: shape[0]! }, (_, i) => [...data.subarray(i * shape[1]!, (i + 1) * shape[1]!)]);
}

async function answers(detector: Detector, images: Float32Array[]) {
  const input = stacked(SHAPE, images);
  const map = detector.map(input);
  const scores = detector.imageScores?.(input, map);
  const values = { map: (await map.data()).slice(), scores: scores && (await scores.data()).slice() };
  tf.dispose([input, map, ...(scores ? [scores] : [])]);
  return values;
}

describeAllBackends('patchcore', () => {
  it('pools patches with their neighbours, counting zeros beyond the border', async () => {
    const images = randomImages(SHAPE, 2);
    const patches = locallyAwarePatches(stacked(SHAPE, images));
    expectClose(await patches.data(), images.flatMap((image) => pooled(image)).flat(), {
      rtol: 1e-5,
      atol: 1e-5,
    });
  });

  it('remembers the greedy coreset', async () => {
    const images = randomImages(SHAPE, 5);
    const points = images.flatMap((image) => pooled(image));
    const first = Random.stream(0, 'patchcore first pick').int(0, points.length - 1);
    const members = greedy(points, 15, first).sort((a, b) => a - b);
    const detector = await fitted(images);
    expectClose((await bankOf(detector)).flat(), members.flatMap((i) => points[i]!)); // prettier-ignore
    detector.dispose();
  });

  it('chooses features with many channels on a random projection, and remembers them in full', async () => {
    const shape = { ...SHAPE, channels: 200 };
    const images = randomImages(shape, 5);
    const projection = Random.stream(0, 'patchcore projection').normals(200 * 128, 1 / Math.sqrt(128));
    const points = images.flatMap((image) => pooled(image, 200));
    const short = points.map((point) =>
      Array.from({ length: 128 }, (_, j) =>
        point.reduce((sum, value, i) => sum + value * projection[i * 128 + j]!, 0),
      ),
    );
    const first = Random.stream(0, 'patchcore first pick').int(0, points.length - 1);
    const members = greedy(short, 15, first).sort((a, b) => a - b);
    const detector = (await patchcore.fit(testFit(shape, images, FIFTEEN)))!;
    expectClose((await bankOf(detector)).flat(), members.flatMap((i) => points[i]!)); // prettier-ignore
    detector.dispose();
  });

  it('measures distances to what it remembers and re-weighs the largest', async () => {
    const detector = await fitted(randomImages(SHAPE, 5));
    const bank = await bankOf(detector);
    const test = randomImages(SHAPE, 3, 7);
    const { map, scores } = await answers(detector, test);
    const queries = test.map((image) => pooled(image));
    expectClose(map, queries.flat().map((query) => nearest(query, bank))); // prettier-ignore
    expectClose(scores!, queries.map((image) => reweighted(image, bank, 9))); // prettier-ignore
    detector.dispose();
  });

  it('leaves the score to the map where the nearest distance is asked for', async () => {
    const detector = await fitted(randomImages(SHAPE, 5), { ...FIFTEEN, patchcoreScore: 'nearest' });
    expect(detector.imageScores).toBeUndefined();
    detector.dispose();
  });

  it.each([
    ['fewer patches than the coreset asks for', { coresetPercent: 100, coresetLimit: 2000 }, 60],
    ['a limit of two', { coresetPercent: 100, coresetLimit: 2 }, 2],
    ['a pool of twenty', { coresetPercent: 100, coresetPool: 20 }, 20],
    ['one patch', { coresetPercent: 0.01 }, 1],
  ])('keeps to %s', async (_, params, remembered) => {
    const images = randomImages(SHAPE, 5);
    const detector = await fitted(images, params);
    const bank = await bankOf(detector);
    expect(bank).toHaveLength(remembered);
    const { map, scores } = await answers(detector, images.slice(0, 1));
    const expected = reweighted(pooled(images[0]!), bank, Math.min(9, remembered));
    const largest = Math.max(...map);
    expectClose(scores!, [remembered === 1 ? largest : expected]);
    detector.dispose();
  });

  it.each([
    ['images it remembers whole', randomImages(SHAPE, 1), { coresetPercent: 100 }],
    // Corners, edges and the middle are the only three kinds of patch.
    ['constant features', Array<Float32Array>(2).fill(new Float32Array(72).fill(2)), FIFTEEN],
  ])('finds %s at a distance of exactly zero', async (_, images, params) => {
    const detector = await fitted(images, params);
    const { map, scores } = await answers(detector, images.slice(0, 1));
    expect([...map, ...scores!]).toEqual(Array(13).fill(0));
    detector.dispose();
  });

  it('weighs without overflow at any scale of the features', async () => {
    const bank = tf.tensor2d([0, 1000, 2000, 0, 0, 0], [2, 3]);
    const patches = tf.tensor2d([5000, 0], [1, 2]);
    const scores = reweightedScores(patches, tf.tensor3d([3000], [1, 1, 1]), bank);
    // exp(3000) against exp(4000) and exp(5000): nothing is left of the share.
    expectClose(await scores.data(), [3000]);
  });

  it('comes back from a file as it was', async () => {
    const detector = await fitted(randomImages(SHAPE, 5));
    const tensors = await storedTensors(detector);
    const restored = patchcore.restore(detector.config, tensors);
    const test = randomImages(SHAPE, 2, 3);
    expect(await answers(restored, test)).toEqual(await answers(detector, test));
    for (const change of [{ channels: 5 }, { score: 'best' }] as DetectorConfig[]) {
      expect(() => patchcore.restore({ ...detector.config, ...change }, tensors)).toThrow(BadModelFile);
    }
    for (const one of [detector, restored]) one.dispose();
  });

  it('repeats itself for the same seed, and not for another', async () => {
    const images = randomImages(SHAPE, 5);
    const banks = [];
    for (const seed of [1, 1, 2]) {
      const detector = await fitted(images, { ...FIFTEEN, coresetPool: 30, seed });
      banks.push(await bankOf(detector));
      detector.dispose();
    }
    expect(banks[1]).toEqual(banks[0]);
    expect(banks[2]).not.toEqual(banks[0]);
  });

  it('counts images and picks as steps, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const context = testFit(SHAPE, randomImages(SHAPE, 5), FIFTEEN);
    const detector = (await patchcore.fit(context))!;
    expect([...new Set(context.reports.map(({ phase }) => phase))]).toEqual(['patches', 'coreset', 'memory bank']); // prettier-ignore
    expect(context.reports.at(-1)).toMatchObject({ step: 25, steps: 25 });
    await answers(detector, randomImages(SHAPE, 2));
    detector.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(['patches', 'coreset', 'memory bank'])(
    'stops in the phase "%s" when cancelled, leaving nothing',
    async (phase) => {
      const before = tf.memory().numTensors;
      const context = testFit(SHAPE, randomImages(SHAPE, 5), FIFTEEN, (progress, control) => {
        if (progress.phase === phase) control.cancel();
      });
      expect(await patchcore.fit(context)).toBeNull();
      expect(context.reports.at(-1)!.phase).toBe(phase);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('refuses a pool that does not fit, and says how many patches would', async () => {
    const vast = testFit({ height: 5000, width: 5000, channels: 4 }, [new Float32Array(1)]);
    const fit = patchcore.fit(vast);
    await expect(fit).rejects.toThrow(MemoryTooLarge);
    await expect(fit).rejects.toMatchObject({ remedy: expect.stringMatching(/coreset pool to at most \d+/) });
  });

  it('refuses features that are no numbers, and no images at all', async () => {
    const before = tf.memory().numTensors;
    for (const bad of [NaN, Infinity]) {
      const spoiled = [...randomImages(SHAPE, 4), randomImages(SHAPE, 1)[0]!.with(7, bad)];
      await expect(patchcore.fit(testFit(SHAPE, spoiled, FIFTEEN))).rejects.toThrow(FeaturesNotFinite);
    }
    await expect(patchcore.fit(testFit(SHAPE, [], FIFTEEN))).rejects.toThrow(NothingToTrain);
    expect(tf.memory().numTensors).toBe(before);
  });
});
