// Feature maps against PyTorch and timm: the bundled weights, and random ones for every other kind of network.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredTensor } from '../formats/safetensors';
import { tf } from '../gpu/tf';
import { drawWeights } from '../../testing/draws';
import { channelsLast, imageOf } from '../../testing/goldenMaps';
import { bundledWeights, expectClose, golden, type Golden } from '../../testing/golden';
import { describeAllBackends } from '../../testing/gpu';
import { NanWeights } from './errors';
import { alignFeatures, projectFeatures } from './features';
import { inChunks } from './batchChunks';
import { normalisePixels } from './pixels';
import { neededTensors } from './plan';
import { createBackbone, type Backbone, type BackboneOptions } from './registry';
import { wholePlan } from './table';
import { planForTaps } from './taps';

/** The goldens' random weights; an architecture of the same shapes takes them too. */
const randomWeights = (id: string) => drawWeights(id, neededTensors(wholePlan(id)));

/** The maps of the two default taps. */
const pairOf = (backbone: Backbone, image: tf.Tensor4D) =>
  backbone.featureMaps(image) as [tf.Tensor4D, tf.Tensor4D];

async function expectMap(map: tf.Tensor, reference: Golden): Promise<void> {
  const [batch, channels, height, width] = reference.shape;
  expect(map.shape).toEqual([batch, height, width, channels]);
  expectClose(await map.data(), channelsLast(reference));
}

/** A golden image [1, 3, H, W] of bytes as pixels. */
function pixelsOf(value: Golden) {
  const [, , height, width] = value.shape as [number, number, number, number];
  return { width, height, data: Uint8Array.from(channelsLast(value)) };
}

describe('backbones', () => {
  describeAllBackends('features', () => {
    const made: Backbone[] = [];
    const create = (id: string, weights: Map<string, StoredTensor>, options?: BackboneOptions) => {
      const backbone = createBackbone(id, weights, options);
      made.push(backbone);
      return backbone;
    };
    let before = 0;
    beforeEach(() => void (before = tf.memory().numTensors));
    afterEach(() => {
      for (const backbone of made.splice(0)) backbone.dispose();
      expect(tf.memory().numTensors, 'tensors left').toBe(before);
    });

    it('of mini_resnet equal PyTorch’s, aligned and projected too', async () => {
      const reference = golden('mini_resnet_features');
      const backbone = create('mini_resnet', bundledWeights());
      const image = normalisePixels([pixelsOf(reference('image_u8'))], backbone);
      const [stride8, stride16] = pairOf(backbone, image);
      const phi = alignFeatures(stride8, stride16);
      const projected = projectFeatures(phi, backbone.projection!);
      await expectMap(stride8, reference('stride8'));
      await expectMap(stride16, reference('stride16'));
      await expectMap(phi, reference('aligned'));
      await expectMap(projected, reference('projected'));
      tf.dispose([image, stride8, stride16, phi, projected]);
    });

    it.each(['mobilenetv2_100', 'resnet18'])('of %s equal timm’s', async (id) => {
      const reference = golden(`${id}_features`);
      const backbone = create(id, randomWeights(id));
      const image = imageOf(reference('input'));
      const [stride8, stride16] = pairOf(backbone, image);
      await expectMap(stride8, reference('stride8'));
      await expectMap(stride16, reference('stride16'));
      tf.dispose([image, stride8, stride16]);
    });

    it.each([
      ['efficientnet_b0', 'input', ''],
      ['tf_efficientnet_b0', 'input', 'tf_'],
      ['efficientnet_b0', 'input_odd', 'odd_'],
      ['tf_efficientnet_b0', 'input_odd', 'odd_tf_'],
    ])('of %s equal timm’s on %s', async (id, input, prefix) => {
      const reference = golden('efficientnet_b0_features');
      const backbone = create(id, randomWeights('efficientnet_b0'));
      const image = imageOf(reference(input));
      const [stride8, stride16] = pairOf(backbone, image);
      await expectMap(stride8, reference(`${prefix}stride8`));
      await expectMap(stride16, reference(`${prefix}stride16`));
      if (prefix === '') {
        const phi = backbone.phi(image);
        await expectMap(phi, reference('aligned'));
        phi.dispose();
      }
      tf.dispose([image, stride8, stride16]);
    });

    it('can be tapped at a block, and cost no more than they need', async () => {
      const weights = randomWeights('efficientnet_b0');
      const whole = create('efficientnet_b0', weights);
      // The same weights without those beyond the tap, as a download for it leaves them.
      const plan = planForTaps('efficientnet_b0', 'blocks.2.0,blocks.2');
      const partial = new Map([...neededTensors(plan).keys()].map((name) => [name, weights.get(name)!]));
      const shallow = create('efficientnet_b0', partial, { taps: ['blocks.2.0', 'blocks.2'] });
      expect([shallow.tapsText, shallow.channels, shallow.stride]).toEqual(['blocks.2.0,blocks.2', 80, 8]);
      expect(shallow.parameters).toBeLessThan(whole.parameters / 3);
      expect(shallow.digest).not.toBe(whole.digest);
      const image = imageOf(golden('efficientnet_b0_features')('input'));
      const [stride8, stride16] = pairOf(whole, image);
      const [first, last] = shallow.featureMaps(image);
      expectClose(await last!.data(), await stride8.data());
      tf.dispose([image, stride8, stride16, first!, last!]);
    });

    it('can be tapped at other stages, one or several', () => {
      const taps = ['layer1', 'layer2', 'layer3'];
      const backbone = create('mini_resnet', bundledWeights(), { taps });
      const image = tf.zeros<tf.Rank.R4>([1, 32, 32, 3]);
      const phi = backbone.phi(image);
      expect(phi.shape).toEqual([1, 8, 8, 224]);
      expect([backbone.stride, backbone.channels, backbone.projection]).toEqual([4, 224, null]);
      tf.dispose([image, phi]);
    });

    it('are the same for an image alone and in a batch', async () => {
      const backbone = create('mini_resnet', bundledWeights());
      const batch = tf.randomUniform<tf.Rank.R4>([3, 32, 32, 3], -2, 2, 'float32', 7);
      const together = backbone.phi(batch);
      const alone = tf.tidy(() => backbone.phi(batch.slice([2, 0, 0, 0], [1, 32, 32, 3])));
      const last = tf.tidy(() => together.slice([2, 0, 0, 0], [1, 4, 4, 192]));
      expectClose(await last.data(), await alone.data(), { rtol: 1e-5, atol: 1e-5 });
      tf.dispose([batch, together, alone, last]);
    });

    it('are the same when a batch goes through in pieces', async () => {
      const batch = tf.randomUniform<tf.Rank.R4>([5, 8, 6, 3], -2, 2, 'float32', 3);
      const twice = (image: tf.Tensor4D) => [tf.mul<tf.Tensor4D>(image, 2), tf.neg(image)];
      const [doubled, negated] = inChunks(batch, 2, twice);
      expectClose(
        await doubled!.data(),
        (await batch.data()).map((value) => 2 * value),
      );
      expectClose(
        await negated!.data(),
        (await batch.data()).map((value) => -value),
      );
      tf.dispose([batch, doubled!, negated!]);
    });

    it('come without a trace when weights are damaged: the error names the tensor, nothing stays allocated', () => {
      const weights = randomWeights('mobilenetv2_100');
      const name = 'blocks.3.1.conv_dw.weight';
      const stored = weights.get(name)!;
      const data = Float32Array.from(stored.data).fill(NaN, 5, 6);
      weights.set(name, { ...stored, data });
      expect(() => create('mobilenetv2_100', weights)).toThrow(NanWeights);
      expect(() => create('mobilenetv2_100', weights)).toThrow(name.replace('.weight', ''));
    });

    it('are warmed up without leaving tensors', async () => {
      const backbone = create('mini_resnet', bundledWeights());
      const before = tf.memory().numTensors;
      await backbone.warmUp(32, 2);
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});
