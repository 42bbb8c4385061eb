// Small vision transformers of DINOv2's making against timm's, with the same random weights; what is done to sizes that do not
// fit; what is fetched and kept.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { channelsLast, imageOf } from '../../../testing/goldenMaps';
import { drawWeights } from '../../../testing/draws';
import { expectClose, golden } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import { NanWeights, TooManyTokens } from '../errors';
import { cutAfter, neededTensors } from '../plan';
import { VisionTransformer } from './network';
import { transformerPlan } from './plan';

const planWith = (registers: number) =>
  transformerPlan({ family: 'transformer', patch: 14, width: 48, depth: 3, heads: 3, registers, grid: 5 });
const load = (set: string, plan = planWith(set === 'vit' ? 0 : 4)) =>
  VisionTransformer.load(set, plan, drawWeights(set, neededTensors(plan)));

describeAllBackends('a vision transformer', () => {
  it.each([
    ['vit', '', 'three images of the trained size'],
    ['vit', 'small_', 'an image with fewer patches'],
    ['vit', 'large_', 'an image with more patches'],
    ['vit_reg4', '', 'three images of the trained size'],
    ['vit_reg4', 'small_', 'an image with fewer patches'],
    ['vit_reg4', 'large_', 'an image with more patches'],
  ])('%s%s gives timm’s features: %s', async (set, prefix) => {
    const reference = golden(`${set}_features`);
    const before = tf.memory().numTensors;
    const network = load(set);
    const image = imageOf(reference(`${prefix}input`));
    const taps = ['blocks.0', 'blocks.2', 'norm'];
    const maps = network.run(image, taps);
    for (const [i, tap] of taps.entries()) {
      const { shape, ...expected } = reference(`${prefix}${tap}`);
      expect(maps[i]!.shape).toEqual([shape[0], shape[2], shape[3], shape[1]]);
      expectClose(await maps[i]!.data(), channelsLast({ shape, ...expected }));
    }
    network.dispose();
    tf.dispose([image, maps]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('resizes an image to the nearest multiple of its patch', async () => {
    const network = load('vit');
    const image = tf.randomUniform<tf.Rank.R4>([1, 48, 64, 3], -2, 2, 'float32', 5);
    const fitting = tf.image.resizeBilinear(image, [42, 70], false, true);
    const [map, expected] = [image, fitting].map((one) => network.run(one, ['blocks.1'])[0]!);
    expect(map!.shape).toEqual([1, 3, 5, 48]);
    expectClose(await map!.data(), await expected!.data(), { rtol: 1e-5, atol: 1e-5 });
    network.dispose();
    tf.dispose([image, fitting, map!, expected!]);
  });

  it('needs nothing beyond the last tap, and can be tapped before the first block', async () => {
    const whole = load('vit');
    const plan = cutAfter(planWith(0), 'blocks.0');
    const shallow = load('vit', plan);
    const image = tf.randomUniform<tf.Rank.R4>([2, 28, 42, 3], -2, 2, 'float32', 6);
    const taps = ['patch_embed', 'blocks.0'];
    const [maps, expected] = [shallow.run(image, taps), whole.run(image, taps)];
    for (const i of [0, 1]) expectClose(await maps[i]!.data(), await expected[i]!.data());
    for (const one of [whole, shallow]) one.dispose();
    tf.dispose([image, maps, expected]);
  });

  it('refuses more tokens than its attention takes, with the largest size that fits', () => {
    const network = load('vit_reg4');
    const image = tf.zeros<tf.Rank.R4>([1, 14 * 63, 14 * 65, 3]);
    const before = tf.memory().numTensors;
    expect(() => network.run(image, ['norm'])).toThrow(TooManyTokens);
    expect(() => network.run(image, ['norm'])).toThrow('4100 tokens; it takes 4096 at most');
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
    image.dispose();
  });

  it('leaves nothing behind when a weight is no number', () => {
    const plan = planWith(0);
    const weights = drawWeights('vit', neededTensors(plan));
    const stored = weights.get('blocks.1.ls2.gamma')!;
    weights.set('blocks.1.ls2.gamma', { ...stored, data: Float32Array.from(stored.data).fill(NaN, 0, 1) });
    const before = tf.memory().numTensors;
    expect(() => VisionTransformer.load('vit', plan, weights)).toThrow(NanWeights);
    expect(() => VisionTransformer.load('vit', plan, weights)).toThrow('blocks.1.ls2.gamma');
    expect(tf.memory().numTensors).toBe(before);
  });
});
