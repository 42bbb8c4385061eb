// The example of docs/adding-a-method.md: it stands there as it runs here, and goes the way of every other method.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomImages, stacked, testFit } from '../../testing/featureFit';
import meanDistance, { MEAN_DISTANCE } from '../../testing/exampleMethod';
import { readSafetensors } from '../formats/safetensors';
import { tf } from '../gpu/tf';
import { readDetector, writeDetector } from './detectorFile';
import { BadModelFile } from './errors';
import { defaultsOf } from './options';
import { methodOf, register } from './registry';

const ROOT = resolve(import.meta.dirname, '../../..');
const SHAPE = { height: 2, width: 3, channels: 4 };
const images = randomImages(SHAPE, 5);

/** Fits by its id alone, as the engine does. */
async function fitted(values: object = {}) {
  const { about, optionsFrom, fit } = methodOf(MEAN_DISTANCE.id);
  const context = testFit(SHAPE, images);
  const options = optionsFrom({ ...defaultsOf(about.rows), ...values });
  return { detector: (await fit({ ...context, options }))!, reports: context.reports };
}

const mapOf = async (detector: { map(input: tf.Tensor4D): tf.Tensor3D }) =>
  (await detector.map(stacked(SHAPE, [images[0]!])).data<'float32'>()).slice();

describe('the example of a method', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    register(meanDistance);
  });

  it('stands in the guide as it runs', () => {
    const guide = readFileSync(resolve(ROOT, 'docs/adding-a-method.md'), 'utf8');
    const code = readFileSync(resolve(ROOT, 'src/testing/exampleMethod/index.ts'), 'utf8');
    const [, block] = /```ts\n\/\/ Mean distance([^]*?)```/.exec(guide)!;
    expect(`// Mean distance${block}`).toBe(code);
  });

  it('is fitted, reports its steps, and answers with the distance to the mean', async () => {
    const { detector, reports } = await fitted();
    expect(reports.map(({ step, steps }) => [step, steps])).toEqual([[2, 5], [4, 5], [5, 5]]); // prettier-ignore
    const mean = images[0]!.map((_, i) => images.reduce((sum, image) => sum + image[i]!, 0) / 5);
    const map = await mapOf(detector);
    expect(map).toHaveLength(6);
    const [first] = [...map];
    const distance = Math.hypot(...[0, 1, 2, 3].map((c) => images[0]![c]! - mean[c]!));
    expect(first! / distance).toBeCloseTo(1, 5);
    detector.dispose();
  });

  it('takes its option', async () => {
    const { detector } = await fitted({ meanImages: 1 });
    expect(Math.max(...(await mapOf(detector)))).toBe(0);
    detector.dispose();
  });

  it('comes back from its file with the same map, and refuses a damaged one', async () => {
    const { detector } = await fitted();
    const file = readSafetensors(await writeDetector(detector));
    const restored = readDetector(file);
    expect(await mapOf(restored)).toEqual(await mapOf(detector));
    const damaged = { ...file, metadata: { ...file.metadata, config: '{"height":0}' } };
    expect(() => readDetector(damaged)).toThrow(BadModelFile);
    for (const each of [detector, restored]) each.dispose();
  });
});
