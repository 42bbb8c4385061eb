import { describe, expect, it } from 'vitest';
import { SizeMismatch } from './errors';
import { imagePixels } from './imagePixels';
import { meanMetrics, summarise } from './summary';

/** A 2 x 2 map; with `inside`, how many of its first pixels are the defect. */
const pixels = (values: number[], inside = 0) => {
  const data = Uint8Array.from(values, (_, i) => (i < inside ? 1 : 0));
  const map = { width: 2, height: 2, values: Float32Array.from(values) };
  return imagePixels({ map, mask: inside > 0 ? { width: 2, height: 2, data } : null });
};

const evaluated = {
  scores: [1, 2, 3, 0.5, 9],
  labels: [0, 0, 1, 1, null],
  types: ['good', 'good', 'scratch', 'dent', 'unsorted'],
  pixels: [
    pixels([0, 0, 1, 1]),
    pixels([0, 0, 2, 2]),
    pixels([3, 0, 0, 0], 1),
    pixels([0, 0, 0, 0.5], 1),
    pixels([9, 9, 9, 9]),
  ],
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
    const { metrics, perType } = summarise({
      ...evaluated,
      pixels: evaluated.pixels.map((each, i) => (i === 3 ? null : each)),
    });
    expect(metrics.image_auroc).toBe(0.5);
    expect(metrics.pixel_auroc).toBe(1);
    expect(perType['dent']!.pixel_auroc).toBeNull();
  });

  it('says null for all pixel figures without maps or masks', () => {
    const { scores, labels, types } = evaluated;
    const normalsOnly = evaluated.pixels.map((each, i) => (labels[i] === 0 ? each : null));
    for (const summary of [
      summarise({ scores, labels, types }),
      summarise({ scores, labels, types, pixels: normalsOnly }),
    ]) {
      expect(summary.metrics).toMatchObject({ pixel_auroc: null, pixel_ap: null, aupro30: null });
      expect(summary.metrics.image_auroc).toBe(0.5);
    }
  });

  it('names the score that gives F1-max', () => {
    expect(summarise(evaluated)).toMatchObject({ f1Threshold: 3, metrics: { image_f1_max: 2 / 3 } });
    expect(summarise({ scores: [1], labels: [0], types: ['good'] }).f1Threshold).toBeNull();
  });

  it('has no classes where types name none', () => {
    expect(summarise(evaluated)).toMatchObject({ perClass: {}, classMean: null });
  });

  it('measures each class by itself, and each type against the normal images of its class', () => {
    const { perClass, classMean, perType, metrics } = summarise({
      scores: [1, 2, 11, 12, 5],
      labels: [0, 1, 0, 1, 0],
      types: ['nut/good', 'nut/bent', 'cap/good', 'cap/torn', 'lid/good'],
    });
    expect(perClass['nut']).toMatchObject({ n: 2, image_auroc: 1 });
    expect(perClass['cap']).toMatchObject({ n: 2, image_auroc: 1 });
    expect(perClass['lid']).toMatchObject({ n: 1, image_auroc: null });
    expect(perType['nut/bent']!.image_auroc).toBe(1);
    expect(metrics.image_auroc).toBeCloseTo(4 / 6, 12);
    // The class without defects has no figure and does not count.
    expect(classMean).toMatchObject({ image_auroc: 1, pixel_auroc: null });
  });

  it('has no mean of nothing', () => {
    expect(meanMetrics([])).toBeNull();
  });

  it('refuses lists of different lengths', () => {
    expect(() => summarise({ ...evaluated, types: ['good'] })).toThrow(SizeMismatch);
    expect(() => summarise({ ...evaluated, pixels: [] })).toThrow(SizeMismatch);
  });
});
