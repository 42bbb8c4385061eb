// Which features a model answers for.
import { describe, expect, it } from 'vitest';
import { defaultParams } from '../../settings/table';
import { differenceOf, featureKind, sameKind, type FeatureKind } from './modelState';

const IN_USE = { tapsText: 'standard', digest: '0123456789abcdef', projectionDigest: '00112233445566' };
const kind = featureKind(defaultParams(), IN_USE, [0, 4096]);

describe('a kind of features', () => {
  it.each<[string, Partial<FeatureKind>]>([
    ['another backbone', { backbone: 'resnet18' }],
    ['another file of the same architecture', { weights: 'fedcba9876543210' }],
    ['other taps', { taps: 'layer1,layer2' }],
    ['another input size', { inputSize: 256 }],
    ['another range of pixel values', { range: [0, 1024] }],
    ['no projection', { project: false }],
    ['another projection', { weights: `${IN_USE.digest}+ffeeddccbbaa99` }],
    ['weights without one', { weights: `${IN_USE.digest}+none` }],
  ])('is another one with %s', (_, change) => {
    expect(sameKind(kind, { ...kind, ...change })).toBe(false);
    expect(sameKind({ ...kind, ...change }, kind)).toBe(false);
  });

  it('tells in words what differs', () => {
    expect(differenceOf(kind, kind)).toBeNull();
    expect(differenceOf(kind, { ...kind, weights: 'fedcba9876543210' })).toBe(
      'another weights file of mini_resnet',
    );
    expect(differenceOf(kind, { ...kind, taps: 'layer1' })).toContain('(standard, not layer1)');
    expect(differenceOf(kind, { ...kind, inputSize: 256 })).toContain('(128, not 256 px)');
  });

  it('is the same where a model of an earlier version does not say which file its weights came from', () => {
    expect(sameKind(kind, { ...kind, weights: null })).toBe(true);
    expect(sameKind({ ...kind, weights: null }, kind)).toBe(true);
    expect(sameKind({ ...kind, weights: null }, { ...kind, taps: 'layer1' })).toBe(false);
  });

  it('is the same where a model of an earlier version says nothing of the projection', () => {
    const earlier = { ...kind, weights: IN_USE.digest };
    expect([sameKind(kind, earlier), sameKind(earlier, kind)]).toEqual([true, true]);
    expect(sameKind(kind, { ...earlier, weights: 'fedcba9876543210' })).toBe(false);
  });

  it('counts the projection only where features are projected', () => {
    const plain = (projectionDigest: string | null) =>
      featureKind({ ...defaultParams(), project: false }, { ...IN_USE, projectionDigest }, null);
    expect(plain('ffeeddccbbaa99')).toEqual(plain(null));
  });
});
