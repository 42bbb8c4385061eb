import { describe, expect, it } from 'vitest';
import { goldenJson } from '../../testing/golden';
import { UnknownTag } from './errors';
import { CENTRED, IMAGENET, normalisationOf, publishedWeights, weightsOf } from './hubTable';
import { BACKBONE_IDS } from './table';

interface Entry {
  tag: string;
  mean: number[];
  std: number[];
  input: number[];
  license: string;
}

describe('published weights', () => {
  const hub = goldenJson('timm_hub') as Record<string, Entry[]>;

  it.each(Object.keys(hub))('of %s are timm’s, with its normalisation, size and licence', (id) => {
    const ours = publishedWeights(id).map(({ tag, size, normalisation, licence }) => ({
      tag,
      ...normalisation,
      input: [3, size, size],
      license: licence,
    }));
    const theirs = hub[id]!.map(({ tag, mean, std, input, license }) => ({ tag, mean, std, input, license }));
    const byTag = (a: { tag: string }, b: { tag: string }) => (a.tag < b.tag ? -1 : 1);
    expect(ours.sort(byTag)).toEqual(theirs.sort(byTag));
  });
});

describe('digests of published files', () => {
  it('are there for four, each its own, and for the others said to be unknown', () => {
    const all = BACKBONE_IDS.flatMap((id) => publishedWeights(id));
    const known = all.flatMap(({ sha256 }) => sha256 ?? []);
    expect(new Set(known).size).toBe(4);
    for (const digest of known) expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(weightsOf('resnet18')!.sha256).toBe(weightsOf('resnet18.a1_in1k')!.sha256);
    expect(weightsOf('tf_efficientnet_b6')!.sha256).toBeNull();
  });
});

describe('ids with a tag', () => {
  it('mean the tagged weights, and the preferred ones without a tag', () => {
    expect(weightsOf('tf_efficientnet_b6')!.tag).toBe('aa_in1k');
    expect(normalisationOf('tf_efficientnet_b6')).toBe(IMAGENET);
    expect(normalisationOf('tf_efficientnet_b6.ap_in1k')).toBe(CENTRED);
    expect(normalisationOf('mini_resnet')).toBe(IMAGENET);
    expect(weightsOf('efficientnet_b6')).toBeNull();
  });

  it('are refused when nobody published such weights', () => {
    expect(() => weightsOf('tf_efficientnet_b6.in21k')).toThrow(UnknownTag);
  });
});
