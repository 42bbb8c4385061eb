// Figures in these tests: the papers' and timm's, as METHOD and the model cards state them.
import { describe, expect, it } from 'vitest';
import { goldenJson } from '../../testing/golden';
import { costOf, largestMap } from './cost';
import { UnknownBackbone, UnknownTap } from './errors';
import { roundChannels } from './invertedBottleneck';
import { channelsOf, neededTensors, strideOf } from './plan';
import { BACKBONE_IDS, defaultTaps, planOf, wholePlan } from './table';

interface Layout {
  tensors: Record<string, number[]>;
  /** A transformer's are the same everywhere. */
  feature_channels: { stride8: number; stride16: number } | number;
  bn_eps?: number;
  norm_eps?: number;
}

const tapChannels = (id: string) => defaultTaps(id).map((tap) => channelsOf(wholePlan(id), tap));

describe('plans against timm', () => {
  const layouts = goldenJson('timm_layouts') as Record<string, Layout>;

  it.each(Object.keys(layouts))('%s has timm’s tensors, name by name and shape by shape', (id) => {
    const { tensors, feature_channels: channels, bn_eps, norm_eps } = layouts[id]!;
    expect(Object.fromEntries(neededTensors(wholePlan(id)))).toEqual(tensors);
    const expected = typeof channels === 'number' ? [channels, channels] : [channels.stride8, channels.stride16]; // prettier-ignore
    expect(tapChannels(id)).toEqual(expected);
    expect(wholePlan(id).epsilon).toBe(bn_eps ?? norm_eps);
  });
});

describe('the table', () => {
  it('puts the default taps of every architecture at strides 8 and 16, a transformer’s at that of its patches', () => {
    for (const id of BACKBONE_IDS) {
      const strides = defaultTaps(id).map((tap) => strideOf(wholePlan(id), tap));
      expect(strides, id).toEqual(id.startsWith('vit') ? [14, 14] : [8, 16]);
    }
  });

  it.each([
    // id, numbers stored (batch norm's statistics too) in millions, GMAC, at size
    ['mini_resnet', 0.68, 0.105, 128],
    ['efficientnet_b0', 0.87, 0.32, 256],
    ['tf_efficientnet_b4', 3.7, 1.2, 256],
    ['tf_efficientnet_b6', 7.9, 2.6, 256],
    // Ten of twelve blocks; 1024 patches: 1025 x 384 x (12 x 384 + 2 x 1025) and the embedding.
    ['vit_small_patch14_dinov2', 18.5, 26.5, 448],
  ])('%s costs %d M numbers and %d GMAC', (id, millions, gmac, size) => {
    const { bytes, macs } = costOf(planOf(id), size);
    expect(Math.abs(bytes / 4e6 / millions - 1)).toBeLessThan(0.01);
    expect(Math.abs(macs / 1e9 / gmac - 1)).toBeLessThan(0.01);
  });

  it.each([
    // The whole network's trainable parameters minus those of layer4 and the classifier.
    ['resnet18', 11_689_512 - 8_393_728 - 513_000],
    ['resnet50', 25_557_032 - 14_964_736 - 2_049_000],
  ])('%s has torchvision’s number of parameters up to layer3', (id, parameters) => {
    expect(costOf(planOf(id), 224).parameters).toBe(parameters);
  });

  it('knows the feature channels of the residual networks', () => {
    expect(tapChannels('mini_resnet')).toEqual([64, 128]);
    expect(tapChannels('resnet18')).toEqual([128, 256]);
    expect(tapChannels('wide_resnet50_2')).toEqual([512, 1024]);
  });

  it('knows the largest map between two layers: an EfficientNet’s first expansion', () => {
    // B6: 32 channels expanded sixfold at half the side; the stem's input has 4 x as many pixels but 3 channels.
    expect(largestMap(wholePlan('tf_efficientnet_b6'), 256, 256)).toBe(128 * 128 * 6 * 32);
    expect(largestMap(wholePlan('resnet18'), 65, 33)).toBe(33 * 17 * 64);
  });

  it('builds no further than the deepest tap, in whatever order taps are named', () => {
    expect(planOf('efficientnet_b0', ['blocks.2', 'blocks.1']).blocks.at(-1)!.name).toBe('blocks.2.1');
  });

  it('rounds channels to eights without losing more than a tenth', () => {
    expect([32 * 1.1, 24 * 1.1, 16 * 1.4, 40 * 1.8, 11].map(roundChannels)).toEqual([32, 24, 24, 72, 16]);
  });

  it('names what it knows when asked for something else', () => {
    expect(() => planOf('vgg16')).toThrow(UnknownBackbone);
    expect(() => planOf('__proto__')).toThrow(UnknownBackbone);
    expect(() => planOf('resnet18', ['blocks.2'])).toThrow(UnknownTap);
    expect(() => planOf('resnet18', [])).toThrow(UnknownTap);
  });
});
