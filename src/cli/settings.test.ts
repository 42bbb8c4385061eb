import { describe, expect, it } from 'vitest';
import { presetParams } from '../settings/presets';
import { resolveSettings } from './settings';

const link = (hash: string) => `https://example.org/playground/#v=1&${hash}`;

describe('resolveSettings', () => {
  it('is the demo preset when nothing is said', () => {
    expect(resolveSettings({}).params).toEqual(presetParams('demo'));
  });

  it('lets a flag win over the link and the link over the preset', () => {
    const { params } = resolveSettings({ seed: 5 }, link('preset=balanced&seed=9&size=192'));
    expect(params).toMatchObject({ preset: 'balanced', seed: 5, inputSize: 192, blocks: 2 });
  });

  it('keeps what the link names when a flag changes the preset', () => {
    const { params } = resolveSettings({ preset: 'crad' }, link('preset=balanced&size=192'));
    expect(params).toMatchObject({ preset: 'crad', inputSize: 192, blocks: 11, method: 'normal-grid' });
  });

  it('passes on what was wrong with the link', () => {
    const { params, notices } = resolveSettings({}, link('size=1000000'));
    expect(params.inputSize).toBe(1024);
    expect(notices.join()).toContain('Input size');
  });

  it('keeps the training intensities in order', () => {
    const { params } = resolveSettings({ fbpIntensityMin: 40 });
    expect([params.fbpIntensityMin, params.fbpIntensityMax]).toEqual([32, 40]);
  });
});
