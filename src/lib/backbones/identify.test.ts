import { describe, expect, it } from 'vitest';
import { MissingTensor, WrongArchitecture, WrongShape } from './errors';
import { assertArchitecture, identifyArchitecture } from './identify';
import { neededTensors } from './plan';
import { BACKBONE_IDS, wholePlan } from './table';

type Tensors = Map<string, { shape: number[] }>;

/** Names and shapes of an architecture's file, with what real files hold besides. */
function tensorsOf(id: string): Tensors {
  const tensors: Tensors = new Map(
    [...neededTensors(wholePlan(id))].map(([name, shape]) => [name, { shape }]),
  );
  tensors.set('classifier.weight', { shape: [1000, 1280] });
  tensors.set('bn1.num_batches_tracked', { shape: [] });
  tensors.set(id.includes('resnet') ? 'layer4.0.conv1.weight' : 'blocks.5.0.conv_pw.weight', {
    shape: [8, 8, 1, 1],
  });
  return tensors;
}
const identify = (tensors: Tensors, name = '', metadata: Record<string, string> = {}) =>
  identifyArchitecture({ tensors, metadata }, name);

describe('identifyArchitecture', () => {
  it.each(BACKBONE_IDS)('recognises %s among all by its tensors and a hint of the file’s name', (id) => {
    const { id: found, candidates } = identify(tensorsOf(id), `C:\\weights\\${id}.safetensors`);
    expect(found).toBe(id);
    const twins = /efficientnet_b\d/.exec(id);
    expect(candidates).toEqual(twins ? [twins[0], `tf_${twins[0]}`] : [id]);
  });

  it('lets the file’s own metadata win over its name', () => {
    const tensors = tensorsOf('efficientnet_b0');
    const metadata = { arch: 'tf_efficientnet_b0' };
    expect(identify(tensors, 'efficientnet_b0.safetensors', metadata).id).toBe('tf_efficientnet_b0');
  });

  it('keeps a published tag and drops an unknown one', () => {
    const tensors = tensorsOf('tf_efficientnet_b6');
    expect(identify(tensors, 'tf_efficientnet_b6.ap_in1k.safetensors').id).toBe('tf_efficientnet_b6.ap_in1k');
    expect(identify(tensors, 'tf_efficientnet_b6.mine.safetensors').id).toBe('tf_efficientnet_b6');
  });

  it('prefers, without a hint, the twin that has published weights', () => {
    expect(identify(tensorsOf('tf_efficientnet_b6'), 'model.safetensors').id).toBe('tf_efficientnet_b6');
    expect(identify(tensorsOf('tf_efficientnet_b0'), 'model.safetensors').id).toBe('efficientnet_b0');
  });

  it('says whether the file tells which twin it is', () => {
    const twins = tensorsOf('efficientnet_b0');
    expect(identify(twins, 'model.safetensors').certain).toBe(false);
    expect(identify(twins, 'tf_efficientnet_b0.safetensors').certain).toBe(true);
    expect(identify(twins, 'model.safetensors', { arch: 'tf_efficientnet_b0' }).certain).toBe(true);
    expect(identify(tensorsOf('resnet18'), 'model.safetensors').certain).toBe(true);
  });

  it('names what is missing in a damaged file, even where a shallower variant would fit', () => {
    const tensors = tensorsOf('efficientnet_b1');
    tensors.delete('blocks.4.3.bn3.bias');
    expect(() => identify(tensors)).toThrow(MissingTensor);
    expect(() => identify(tensors)).toThrow('looks like efficientnet_b1 but lacks blocks.4.3.bn3.bias');
  });

  it('shows both shapes of a transposed tensor', () => {
    const tensors = tensorsOf('resnet18');
    tensors.set('conv1.weight', { shape: [7, 7, 3, 64] });
    expect(() => identify(tensors)).toThrow(WrongShape);
    expect(() => identify(tensors)).toThrow('[7, 7, 3, 64]; resnet18 needs [64, 3, 7, 7]');
  });

  it.each<[string, (tensors: Tensors) => void, string]>([
    ['the class token', (tensors) => tensors.delete('cls_token'), 'vit_small_patch14_dinov2 but lacks cls_token'],
    ['the patch', (tensors) => tensors.set('patch_embed.proj.weight', { shape: [384, 3, 16, 16] }), 'patches 16 x 16; vit_small_patch14_dinov2 has patches of 14'],
  ])('says what of a transformer is missing or other: %s', (_, change, words) => {
    const tensors = tensorsOf('vit_small_patch14_dinov2');
    change(tensors);
    expect(() => identify(tensors)).toThrow(words);
  }); // prettier-ignore

  it('tells a transformer whose registers are missing from one that has none', () => {
    const tensors = tensorsOf('vit_base_patch14_reg4_dinov2');
    tensors.delete('reg_token');
    expect(() => identify(tensors)).toThrow('vit_base_patch14_reg4_dinov2 but lacks reg_token');
  });

  it('does not take a deeper transformer for its beginning', () => {
    const tensors = tensorsOf('vit_small_patch14_dinov2');
    for (let block = 12; block < 24; block++) {
      for (const part of ['ls1.gamma', 'ls2.gamma']) tensors.set(`blocks.${block}.${part}`, { shape: [384] });
    }
    expect(() => identify(tensors)).toThrow(WrongArchitecture);
  });

  it('calls a stranger a stranger', () => {
    expect(() => identify(new Map([['vit.patch_embed.weight', { shape: [1, 2] }]]))).toThrow(
      WrongArchitecture,
    );
    expect(() => identify(new Map())).toThrow(WrongArchitecture);
  });
});

describe('assertArchitecture', () => {
  it('accepts a twin’s file, which holds the same tensors', () => {
    expect(() => assertArchitecture('tf_efficientnet_b0', tensorsOf('efficientnet_b0'))).not.toThrow();
  });

  it('refuses a deeper variant whose tensors include all it needs', () => {
    expect(() => assertArchitecture('efficientnet_b0', tensorsOf('efficientnet_b1'))).toThrow(
      WrongArchitecture,
    );
  });
});
