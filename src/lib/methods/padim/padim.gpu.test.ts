// PaDiM from images to map, against Gaussian elimination on the covariance itself; and its edges.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import type { Params } from '../../../settings/table';
import { randomImages, stacked, storedTensors, testFit } from '../../../testing/featureFit';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import { BadModelFile } from '../errors';
import { NothingToTrain } from '../../nn/errors';
import type { Detector, DetectorConfig } from '../detector';
import { FeaturesNotFinite, MemoryTooLarge } from '../memoryErrors';
import { chosenChannels, padim } from '.';

const SHAPE = { height: 3, width: 2, channels: 9 };
const KEPT: Partial<Params> = { padimFeatures: 5 };

/** x^T (covariance + 0.01)^-1 x by elimination, without pivots: the matrix is positive definite. */
function squaredDistance(covariance: number[][], x: number[]): number {
  const rows = covariance.map((row, i) => [...row, x[i]!]);
  rows.forEach((pivot, i) => {
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[i]! / pivot[i]!;
      row.forEach((_, j) => (row[j]! -= factor * pivot[j]!));
    }
  });
  return rows.reduce((sum, row, i) => sum + (row.at(-1)! / row[i]!) * x[i]!, 0);
}

/** The map of one image, from the paper's equations 1 and 2. */
function expectedMap(training: Float32Array[], image: Float32Array, kept: number[]): number[] {
  return Array.from({ length: SHAPE.height * SHAPE.width }, (_, place) => {
    const at = (values: Float32Array) => kept.map((channel) => values[place * SHAPE.channels + channel]!);
    const rows = training.map(at);
    const mean = kept.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
    const covariance = mean.map((_, i) =>
      mean.map((_, j) => {
        const products = rows.map((row) => (row[i]! - mean[i]!) * (row[j]! - mean[j]!));
        const sum = products.reduce((total, product) => total + product, 0);
        return sum / Math.max(1, rows.length - 1) + (i === j ? 0.01 : 0);
      }),
    );
    return Math.sqrt(
      squaredDistance(
        covariance,
        at(image).map((value, i) => value - mean[i]!),
      ),
    );
  });
}

async function mapOf(detector: Detector, images: Float32Array[]): Promise<Float32Array> {
  const input = stacked(SHAPE, images);
  const map = detector.map(input);
  const values = (await map.data<'float32'>()).slice();
  tf.dispose([input, map]);
  return values;
}

describeAllBackends('padim', () => {
  it.each([
    ['as many images as channels need', 12, 5],
    ['fewer images than channels', 3, 5],
    ['a single image', 1, 5],
    ['more channels asked for than there are', 12, 100],
  ])('measures Mahalanobis distances: %s', async (_, count, padimFeatures) => {
    const training = randomImages(SHAPE, count);
    const detector = (await padim.fit(testFit(SHAPE, training, { padimFeatures })))!;
    const kept = chosenChannels(0, SHAPE.channels, padimFeatures);
    expect(kept).toHaveLength(Math.min(padimFeatures, SHAPE.channels));
    const test = randomImages(SHAPE, 3, 2);
    const expected = test.flatMap((image) => expectedMap(training, image, kept));
    expectClose(await mapOf(detector, test), expected, { rtol: 1e-4, atol: 1e-4 });
    detector.dispose();
  });

  it('finds nothing anomalous in constant features, and measures others by the regularisation', async () => {
    const constant = new Float32Array(54).fill(3);
    const detector = (await padim.fit(testFit(SHAPE, [constant, constant, constant], KEPT)))!;
    expect(await mapOf(detector, [constant])).toEqual(new Float32Array(6));
    // Five channels, each 1 / sqrt(0.01) = 10 standard deviations away.
    const away = await mapOf(detector, [constant.map((value) => value + 1)]);
    expectClose(away, Array(6).fill(10 * Math.sqrt(5)));
    detector.dispose();
  });

  it('comes back from a file as it was', async () => {
    const detector = (await padim.fit(testFit(SHAPE, randomImages(SHAPE, 4), KEPT)))!;
    const tensors = await storedTensors(detector);
    const restored = padim.restore(detector.config, tensors);
    const test = randomImages(SHAPE, 2, 5);
    expect(await mapOf(restored, test)).toEqual(await mapOf(detector, test));
    for (const change of [{ width: 3 }, { channels: 2 }, { height: 0 }] as DetectorConfig[]) {
      expect(() => padim.restore({ ...detector.config, ...change }, tensors)).toThrow(BadModelFile);
    }
    for (const one of [detector, restored]) one.dispose();
  });

  it('draws its channels from the seed', () => {
    expect(chosenChannels(1, 50, 9)).toEqual(chosenChannels(1, 50, 9));
    expect(chosenChannels(1, 50, 9)).not.toEqual(chosenChannels(2, 50, 9));
    expect(new Set(chosenChannels(3, 50, 9)).size).toBe(9);
  });

  it('counts images and places as steps, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const context = testFit(SHAPE, randomImages(SHAPE, 5), KEPT);
    const detector = (await padim.fit(context))!;
    expect(context.reports.slice(0, 3).map(({ phase, step }) => [phase, step])).toEqual([2, 4, 5].map((step) => ['training images', step])); // prettier-ignore
    expect(context.reports.at(-1)).toMatchObject({ phase: 'Gaussians', step: 11, steps: 11 });
    detector.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([1, 5])('stops where it is cancelled (step %i) and leaves nothing', async (last) => {
    const before = tf.memory().numTensors;
    const cancel = testFit(SHAPE, randomImages(SHAPE, 5), KEPT, ({ step }, control) => {
      if (step >= last) control.cancel();
    });
    expect(await padim.fit(cancel)).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what it cannot fit, and leaves nothing', async () => {
    const before = tf.memory().numTensors;
    const spoiled = [...randomImages(SHAPE, 3), new Float32Array(54).fill(NaN)];
    await expect(padim.fit(testFit(SHAPE, spoiled, KEPT))).rejects.toThrow(FeaturesNotFinite);
    await expect(padim.fit(testFit(SHAPE, [], KEPT))).rejects.toThrow(NothingToTrain);
    const wide = { height: 128, width: 128, channels: 1000 };
    const tooMuch = padim.fit(testFit(wide, [new Float32Array(1)], { padimFeatures: 1000 }));
    await expect(tooMuch).rejects.toThrow(MemoryTooLarge);
    await expect(tooMuch).rejects.toMatchObject({ remedy: expect.stringMatching(/at most \d+,/) });
    expect(tf.memory().numTensors).toBe(before);
  });
});
