// PatchCore in AnomalyDINO's form against plain float64 loops: cosine distances, the score of the farthest patches, turned
// references, references judged without themselves, and the background left out.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import type { Params } from '../../../settings/table';
import { randomImages, stacked, storedTensors, testFit } from '../../../testing/featureFit';
import { expectClose } from '../../../testing/golden';
import { describeBackends } from '../../../testing/gpu';
import { Random } from '../../nn/random';
import { BadModelFile } from '../errors';
import type { Detector } from '../detector';
import { patchcore } from '.';

const SHAPE = { height: 10, width: 12, channels: 8 };
const CELLS = SHAPE.height * SHAPE.width;
const FEW: Partial<Params> = {
  coresetPercent: 100,
  patchcoreDistance: 'cosine',
  patchcoreScore: 'top',
};

type Point = number[];

function unitPoints(image: Float32Array): Point[] {
  return Array.from({ length: CELLS }, (_, cell) => {
    const point = [...image.subarray(cell * SHAPE.channels, (cell + 1) * SHAPE.channels)];
    const length = Math.hypot(...point);
    return point.map((value) => value / length);
  });
}

const cosineDistance = (a: Point, b: Point) => 1 - a.reduce((sum, value, i) => sum + value * b[i]!, 0);

function mapOf(image: Float32Array, references: Float32Array[]): number[] {
  const bank = references.flatMap(unitPoints);
  return unitPoints(image).map((point) => Math.min(...bank.map((known) => cosineDistance(point, known))));
}

/** Of 120 patches one is the hundredth. */
const scoreOf = (map: number[]) => Math.max(...map);

async function answers(detector: Detector, images: Float32Array[]) {
  const input = stacked(SHAPE, images);
  const map = detector.map(input);
  const scores = detector.imageScores!(input, map);
  const values = { map: [...(await map.data())], scores: [...(await scores.data())] };
  tf.dispose([input, map, scores]);
  return values;
}

/** "Turned" features: any others that tell which turn of which image they are. */
const turnedImage = (image: Float32Array, eighths: number) =>
  image.map((value, i) => value + eighths * Math.sin(i));

function fitOf(images: Float32Array[], params: Partial<Params> = {}) {
  const context = testFit(SHAPE, images, { ...FEW, ...params });
  context.source.turned = async (index, eighths) =>
    stacked(SHAPE, eighths.map((turn) => turnedImage(images[index]!, turn))); // prettier-ignore
  return context;
}

const exact = { rtol: 1e-4, atol: 2e-6 };

describeBackends('few-shot PatchCore', () => {
  it('measures cosine distances of single patches, and scores by the farthest of them', async () => {
    const before = tf.memory().numTensors;
    const [references, test] = [randomImages(SHAPE, 2), randomImages(SHAPE, 2, 7)];
    const detector = (await patchcore.fit(fitOf(references)))!;
    const { map, scores } = await answers(detector, test);
    const maps = test.map((image) => mapOf(image, references));
    expectClose(map, maps.flat(), exact);
    expectClose(scores, maps.map(scoreOf), exact);
    detector.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('remembers every reference turned, and one of several is judged by the others with all their turns', async () => {
    const before = tf.memory().numTensors;
    const references = randomImages(SHAPE, 2);
    const turns = references.map((image) => [0, 1, 2, 3, 4, 5, 6, 7].map((turn) => turnedImage(image, turn)));
    const detector = (await patchcore.fit(fitOf(references, { patchcoreTurns: true })))!;
    const test = randomImages(SHAPE, 1, 7);
    expectClose((await answers(detector, test)).map, mapOf(test[0]!, turns.flat()), exact);
    const apart = detector.without!(1)!;
    expectClose((await answers(apart, [references[1]!])).map, mapOf(references[1]!, turns[0]!), exact);
    for (const one of [detector, apart]) one.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('judges a single reference by its own turns, and not at all without them', async () => {
    const references = randomImages(SHAPE, 1);
    const detector = (await patchcore.fit(fitOf(references, { patchcoreTurns: true })))!;
    const apart = detector.without!(0)!;
    const turned = [1, 2, 3, 4, 5, 6, 7].map((turn) => turnedImage(references[0]!, turn));
    expectClose((await answers(apart, references)).map, mapOf(references[0]!, turned), exact);
    const single = (await patchcore.fit(fitOf(references)))!;
    expect([single.references, single.without!(0)]).toEqual([1, null]);
    for (const one of [detector, apart, single]) one.dispose();
  });

  it('knows which patches are whose where only some are kept', async () => {
    const references = randomImages(SHAPE, 3);
    const detector = (await patchcore.fit(fitOf(references, { coresetPool: 100 })))!;
    const { shape, data } = (await storedTensors(detector)).get('patches')!;
    expect(shape).toEqual([100, SHAPE.channels]);
    const known = references.map((image) => unitPoints(image).map((point) => point[0]!));
    const owner = (row: number) => known.findIndex((firsts) => firsts.some((value) => Math.abs(value - data[row * SHAPE.channels]!) < 1e-6)); // prettier-ignore
    const counts = [0, 1, 2].map((image) => Array.from({ length: 100 }, (_, row) => owner(row)).filter((of) => of === image).length); // prettier-ignore
    expect(detector.config['references']).toEqual(counts.flatMap((count) => [count, count]));
    detector.dispose();
  });

  it('comes back from a file as it was, and refuses counts that do not fit', async () => {
    const references = randomImages(SHAPE, 3);
    const detector = (await patchcore.fit(fitOf(references)))!;
    const tensors = await storedTensors(detector);
    const restored = patchcore.restore(JSON.parse(JSON.stringify(detector.config)), tensors);
    const test = randomImages(SHAPE, 1, 3);
    expect(await answers(restored, test)).toEqual(await answers(detector, test));
    const [a, b] = [restored.without!(2)!, detector.without!(2)!];
    expect(await answers(a, test)).toEqual(await answers(b, test));
    for (const counts of [[1, 1], [CELLS, CELLS, CELLS], [CELLS, 0, CELLS, 0, CELLS, CELLS + 1]]) {
      expect(() => patchcore.restore({ ...detector.config, references: counts }, tensors)).toThrow(BadModelFile);
    } // prettier-ignore
    for (const one of [detector, restored, a, b]) one.dispose();
  });

  it('calls nothing anomalous on the background, unless there are no two kinds of patches', async () => {
    const before = tf.memory().numTensors;
    const random = Random.stream(3, 'object');
    // An object in the middle of a background that points elsewhere.
    const scene = () =>
      Float32Array.from({ length: CELLS * SHAPE.channels }, (_, i) => {
        const [cell, c] = [Math.floor(i / SHAPE.channels), i % SHAPE.channels];
        const [y, x] = [Math.floor(cell / SHAPE.width), cell % SHAPE.width];
        const object = y >= 3 && y < 7 && x >= 3 && x < 9;
        return (c === Number(object) ? 1 : 0) + 0.05 * random.uniform();
      });
    const strange = scene();
    strange[6] = 0.5;
    strange[(5 * SHAPE.width + 5) * SHAPE.channels + 6] = 3;
    const detector = (await patchcore.fit(fitOf([scene(), scene()], { patchcoreForeground: true })))!;
    const { map } = await answers(detector, [strange]);
    expect(map[0]).toBe(0);
    expect(map[5 * SHAPE.width + 5]).toBeGreaterThan(0.1);
    detector.dispose();
    const texture = (await patchcore.fit(fitOf(randomImages({ ...SHAPE, height: 10 }, 2), { patchcoreForeground: true })))!; // prettier-ignore
    expect(texture.config['foregroundLine']).toBeUndefined();
    texture.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
