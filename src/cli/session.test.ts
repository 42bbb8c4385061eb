import { describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../formats/safetensors';
import { presetParams } from '../params/presets';
import { NotASession } from './errors';
import { readSession, writeSession, type SessionInfo } from './session';

const model = () =>
  writeSafetensors({ 'normal.local': { shape: [2], data: Float32Array.of(1, 2) } }, { format: 'model' });

const info: SessionInfo = {
  schema: 1,
  params: { ...presetParams('balanced'), seed: 7 },
  trainImages: 24,
  threshold: { value: 3.5, source: 'labelled test images' },
  metrics: null,
};

describe('session file', () => {
  it('gives back what was written, and keeps the model with its own metadata', () => {
    const file = writeSession(model(), info);
    expect(readSession('a', file)).toEqual(info);
    const { tensors, metadata } = readSafetensors(file);
    expect(tensors.get('normal.local')!.data).toEqual(Float32Array.of(1, 2));
    expect(metadata['format']).toBe('model');
  });

  it.each([
    ['another file', new ArrayBuffer(3)],
    ['a model without description', model()],
    ['a newer schema', writeSession(model(), { ...info, schema: 2 as 1 })],
  ])('refuses %s', (_, file) => {
    expect(() => readSession('a', file)).toThrow(NotASession);
  });

  it('trusts no stored value', () => {
    const params = { seed: -5, inputSize: 1e9, method: 'magic', fbpIntensityMin: 40, fbpIntensityMax: 10 };
    const file = writeSession(model(), {
      ...info,
      params: params as never,
      threshold: { value: 'x' } as never,
    });
    const read = readSession('a', file);
    expect(read.params).toMatchObject({ seed: 0, inputSize: 1024, method: 'grad', blocks: 1 });
    expect(read.params.fbpIntensityMin).toBeLessThan(read.params.fbpIntensityMax);
    expect(read.threshold).toBeNull();
  });
});
