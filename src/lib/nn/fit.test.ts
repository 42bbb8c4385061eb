// Fits without gradients: batches in order, one step at a time while paused, no checkpoint in the middle.
import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import { randomImages, testFit, type TestFit } from '../../testing/featureFit';
import { NoCheckpoint, NothingToTrain } from './errors';
import { fitInSteps } from './fit';

const SHAPE = { height: 1, width: 2, channels: 3 };

/** Goes through the images once and notes how many each batch had, and where it began. */
async function visits(context: TestFit): Promise<[number, number][] | null> {
  const seen: [number, number][] = [];
  const visit = (input: tf.Tensor4D, first: number) => void seen.push([first, input.shape[0]]);
  return fitInSteps(context, 5, async (steps) => ((await steps.everyBatch('images', visit)) ? seen : null));
}

const fiveImages = (onReport?: Parameters<typeof testFit>[3]) =>
  testFit(SHAPE, randomImages(SHAPE, 5), {}, onReport);

describe('fitInSteps', () => {
  beforeAll(async () => void (await tf.setBackend('cpu')));

  it('visits every image in order, counts, and disposes of what it showed', async () => {
    const before = tf.memory().numTensors;
    const context = fiveImages();
    expect(await visits(context)).toEqual([[0, 2], [2, 2], [4, 1]]); // prettier-ignore
    expect(context.reports.map(({ step, steps }) => [step, steps])).toEqual([[2, 5], [4, 5], [5, 5]]); // prettier-ignore
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes one step at a time while paused', async () => {
    const context = fiveImages((_, control) => control.step());
    context.control.step();
    expect(await visits(context)).toHaveLength(3);
  });

  it('ends with null when cancelled', async () => {
    expect(await visits(fiveImages((_, control) => control.cancel()))).toBeNull();
  });

  it('cannot be saved in the middle, at its end, or when it fails', async () => {
    const asked: Promise<unknown>[] = [];
    const context = fiveImages((_, control) => void asked.push(control.checkpoint().catch((error) => error)));
    await visits(context);
    expect(await Promise.all(asked)).toEqual(Array(3).fill(expect.any(NoCheckpoint)));
    const failing = fiveImages();
    const waiting = failing.control.checkpoint();
    const failure = new Error('broken');
    const fit = fitInSteps(failing, 1, () => Promise.reject(failure));
    await expect(waiting).rejects.toBe(failure);
    await expect(fit).rejects.toBe(failure);
  });

  it('refuses to go through nothing', async () => {
    await expect(visits(testFit(SHAPE, []))).rejects.toThrow(NothingToTrain);
  });
});
