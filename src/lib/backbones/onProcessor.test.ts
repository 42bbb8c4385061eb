// A backbone on tfjs's wasm backend while another backend is the current one. Here that is the cpu backend: no GPU.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledWeights, expectClose } from '../../testing/golden';
import { onProcessor, startProcessor, stopProcessor } from '../gpu/processor';
import { tf } from '../gpu/tf';
import { extractFeatures } from './extractFeatures';
import { createBackbone } from './registry';

const SIDE = 32;
const images = [3, 5].map((step) => ({
  ...{ width: SIDE, height: SIDE },
  data: Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * step) % 251),
}));

/** Values of each image's map. */
async function featuresOf(options: { onProcessor: boolean; project: boolean }): Promise<Float32Array[]> {
  const backbone = createBackbone('mini_resnet', bundledWeights(), options);
  const before = tf.memory().numTensors;
  const maps = extractFeatures(backbone, images, options.project);
  expect(tf.memory().numTensors - before).toBe(images.length);
  const values = await Promise.all(maps.map(async (map) => (await map.data<'float32'>()).slice()));
  tf.dispose(maps);
  backbone.dispose();
  return values;
}

describe('a backbone on the processor', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    expect(await startProcessor()).toBe(true);
  });
  afterAll(stopProcessor);

  it('lets NaN through its rectifiers', async () => {
    const tensors = onProcessor(() => {
      const x = tf.tensor1d([NaN, -1, 0.5, 7]);
      return [tf.relu(x), tf.relu6(x)];
    });
    const rectified = await Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data())));
    expect(rectified).toEqual([[NaN, 0, 0.5, 7], [NaN, 0, 0.5, 6]]); // prettier-ignore
  });

  it('leaves the current backend in place, whose tensors its maps are', async () => {
    const backbone = createBackbone('mini_resnet', bundledWeights(), { onProcessor: true });
    const [map] = extractFeatures(backbone, images.slice(0, 1), false);
    expect(tf.getBackend()).toBe('cpu');
    const cpu = tf.backend() as tf.MathBackendCPU;
    expect(cpu.data.has(map!.dataId)).toBe(true);
    tf.dispose(map!);
    backbone.dispose();
  });

  it.each([false, true])(
    'gives the features of the references, projected: %s, and leaves no tensor',
    async (project) => {
      const before = tf.memory().numTensors;
      const [there, here] = [
        await featuresOf({ onProcessor: true, project }),
        await featuresOf({ onProcessor: false, project }),
      ];
      there.forEach((values, i) => expectClose(values, here[i]!));
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('is back on the current backend after an error', () => {
    const fail = () => {
      throw new RangeError('no');
    };
    expect(() => onProcessor(fail)).toThrow('no');
    expect(tf.getBackend()).toBe('cpu');
  });

  it('leaves it to others what becomes of errors that nobody caught', async () => {
    const listener = () => undefined;
    process.on('unhandledRejection', listener);
    stopProcessor();
    const before = process.listeners('unhandledRejection');
    expect(before).toContain(listener);
    await startProcessor();
    expect(process.listeners('unhandledRejection')).toEqual(before);
    process.off('unhandledRejection', listener);
  });

  it('starts again after it was ended', async () => {
    stopProcessor();
    const both = await Promise.all([startProcessor(), startProcessor()]);
    expect(both).toEqual([true, true]);
    expect(onProcessor(() => tf.getBackend())).toBe('wasm');
  });
});
