import { describe, expect, it } from 'vitest';
import { neededTensors } from './plan';
import { UnknownBackbone, UnknownTap } from './errors';
import { backboneCost } from './offers';
import { BACKBONE_IDS, wholePlan } from './table';
import { planForTaps, possibleTaps, resolveTaps, STANDARD_TAPS, tapOffers, tapsText } from './taps';

describe('taps', () => {
  it('are strides 8 and 16 where nothing else is asked for, whatever the architecture', () => {
    expect(resolveTaps('efficientnet_b0')).toEqual(['blocks.2', 'blocks.4']);
    expect(resolveTaps('resnet18', STANDARD_TAPS)).toEqual(['layer2', 'layer3']);
  });

  it('are put in order, each place once; a stage’s last block goes by the stage’s name', () => {
    expect(resolveTaps('efficientnet_b0', ' blocks.4, blocks.1.0 ,blocks.2.1,blocks.2,')).toEqual([
      'blocks.1.0',
      'blocks.2',
      'blocks.4',
    ]);
  });

  it('have one text: equal ones compare as equal', () => {
    expect(tapsText('resnet18', 'layer3,layer2')).toBe(STANDARD_TAPS);
    expect(tapsText('resnet18', 'layer3,layer1.0,layer1.1')).toBe('layer1.0,layer1,layer3');
    for (const id of BACKBONE_IDS) expect(tapsText(id, resolveTaps(id).join(',')), id).toBe(STANDARD_TAPS);
  });

  it.each(['layer2', 'blocks.7', 'blocks.2.9', 'blocks', '__proto__'])(
    'named %s are refused for an EfficientNet, with those that it has',
    (wanted) => {
      expect(() => resolveTaps('efficientnet_b0', wanted)).toThrow(UnknownTap);
      expect(() => resolveTaps('efficientnet_b0', wanted)).toThrow(`"${wanted}"`);
      expect(possibleTaps('efficientnet_b0', wanted)).toBe(STANDARD_TAPS);
    },
  );

  it('must be some, of an architecture that is known', () => {
    expect(() => resolveTaps('efficientnet_b0', ' , ')).toThrow('No stage');
    expect(() => resolveTaps('vgg16', 'blocks.1')).toThrow(UnknownBackbone);
    expect(() => possibleTaps('vgg16', 'blocks.1')).toThrow(UnknownBackbone);
  });

  it('decide how far weights must reach, to the block', () => {
    expect(planForTaps('efficientnet_b0', 'blocks.2.0').blocks.at(-1)!.name).toBe('blocks.2.0');
    const names = [...neededTensors(planForTaps('tf_efficientnet_b6', 'blocks.1')).keys()];
    expect(names.some((name) => name.startsWith('blocks.2'))).toBe(false);
    expect(planForTaps('tf_efficientnet_b6')).toEqual(wholePlan('tf_efficientnet_b6'));
  });

  it('are offered with stride and channels', () => {
    expect(tapOffers('resnet18')).toEqual([
      { name: 'conv1', stride: 4, channels: 64 },
      { name: 'layer1', stride: 4, channels: 64 },
      { name: 'layer2', stride: 8, channels: 128 },
      { name: 'layer3', stride: 16, channels: 256 },
    ]);
  });

  it('change what a backbone costs', () => {
    const whole = backboneCost('tf_efficientnet_b6', 256);
    const shallow = backboneCost('tf_efficientnet_b6', 256, 'blocks.2');
    expect(whole.taps).toBe(STANDARD_TAPS);
    expect(shallow.taps).toBe('blocks.2');
    for (const cost of ['bytes', 'macs', 'parameters'] as const)
      expect(shallow[cost]).toBeLessThan(whole[cost]);
    expect(backboneCost('tf_efficientnet_b6', 256, 'layer1')).toEqual(whole);
  });
});
