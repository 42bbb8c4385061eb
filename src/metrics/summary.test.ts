import { describe, expect, it } from 'vitest';
import { SizeMismatch } from './errors';
import { summarise } from './summary';

const map = (...values: number[]) => ({ width: 2, height: 2, values: Float32Array.from(values) });
const mask = (...data: number[]) => ({ width: 2, height: 2, data: Uint8Array.from(data) });

const evaluated = {
  scores: [1, 2, 3, 0.5, 9],
  labels: [0, 0, 1, 1, null],
  types: ['good', 'good', 'scratch', 'dent', 'unsorted'],
  maps: [map(0, 0, 1, 1), map(0, 0, 2, 2), map(3, 0, 0, 0), map(0, 0, 0, 0.5), map(9, 9, 9, 9)],
  masks: [null, null, mask(1, 0, 0, 0), mask(1, 0, 0, 0), null],
} satisfies Parameters<typeof summarise>[0];

describe('summarise', () => {
  it('measures all images together and each type against the normal ones', () => {
    const { metrics, perType } = summarise(evaluated);
    expect(metrics.image_auroc).toBe(0.5);
    expect(perType['scratch']).toMatchObject({ n: 1, image_auroc: 1, pixel_auroc: 1, aupro30: 1 });
    expect(perType['dent']).toMatchObject({ n: 1, image_auroc: 0 });
  });

  it('gives normal and unlabelled types a count and no figures', () => {
    const { perType } = summarise(evaluated);
    expect(Object.keys(perType)).toEqual(['good', 'scratch', 'dent', 'unsorted']);
    expect(perType['good']).toMatchObject({ n: 2, image_auroc: null, pixel_auroc: null });
    expect(perType['unsorted']).toMatchObject({ n: 1, image_f1_max: null });
  });

  it('leaves an anomalous image without mask out of the pixel figures only', () => {
    const masks = [null, null, mask(1, 0, 0, 0), null, null];
    const { metrics, perType } = summarise({ ...evaluated, masks });
    expect(metrics.image_auroc).toBe(0.5);
    expect(metrics.pixel_auroc).toBe(1);
    expect(perType['dent']!.pixel_auroc).toBeNull();
  });

  it('says null for all pixel figures without maps or masks', () => {
    const { scores, labels, types, maps } = evaluated;
    for (const summary of [
      summarise({ scores, labels, types }),
      summarise({ scores, labels, types, maps }),
    ]) {
      expect(summary.metrics).toMatchObject({ pixel_auroc: null, pixel_ap: null, aupro30: null });
      expect(summary.metrics.image_auroc).toBe(0.5);
    }
  });

  it('refuses lists of different lengths', () => {
    expect(() => summarise({ ...evaluated, types: ['good'] })).toThrow(SizeMismatch);
    expect(() => summarise({ ...evaluated, masks: [] })).toThrow(SizeMismatch);
  });
});
