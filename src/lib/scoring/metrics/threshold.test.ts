import { describe, expect, it } from 'vitest';
import { NotANumber } from './errors';
import { quantile, quantileThreshold, suggestThreshold, thresholdByHand } from './threshold';

describe('quantile', () => {
  it('goes straight between ranks, as numpy does', () => {
    expect(quantile([4, 1, 3, 2], 0)).toBe(1);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 0.99)).toBeCloseTo(3.97, 12);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
  });

  it('has no answer for no values, and refuses NaN', () => {
    expect(quantile([], 0.5)).toBeNull();
    expect(() => quantile([1, NaN], 0.5)).toThrow(NotANumber);
    expect(quantile([Infinity, Infinity], 0.5)).toBe(Infinity);
  });
});

describe('suggestThreshold', () => {
  it('draws the line of F1-max between two scores', () => {
    expect(suggestThreshold([1, 2, 4, 5], [0, 0, 1, 1])).toEqual({
      value: 3,
      source: 'labelled test images',
    });
  });

  it('keeps every image above the line when F1-max calls all anomalous', () => {
    const { value } = suggestThreshold([1, 2], [1, 0])!;
    expect(value).toBeLessThan(1);
  });

  it('takes the largest normal score when there are no anomalous images', () => {
    expect(suggestThreshold([1, 7, 3], [0, null, 0])).toEqual({ value: 3, source: 'normal images' });
  });

  it('suggests nothing without labels', () => {
    expect(suggestThreshold([1, 7], [null, null])).toBeNull();
  });
});

describe('other sources of a threshold', () => {
  it('a quantile leaves that share of normal images above', () => {
    const normals = Array.from({ length: 100 }, (_, i) => i);
    const { value, source } = quantileThreshold(normals, 0.95)!;
    expect(normals.filter((score) => score > value)).toHaveLength(5);
    expect(source).toBe('quantile of normal images');
    expect(quantileThreshold([], 0.95)).toBeNull();
  });

  it('all scores equal: one line that calls everything anomalous, never NaN', () => {
    expect(suggestThreshold([2, 2], [0, 1])!.value).toBeLessThan(2);
  });

  it('by hand only a finite number', () => {
    expect(thresholdByHand(-1.5)).toEqual({ value: -1.5, source: 'set by hand' });
    for (const value of [NaN, Infinity]) expect(() => thresholdByHand(value)).toThrow(NotANumber);
    expect(() => quantileThreshold([1, Infinity], 1)).toThrow(NotANumber);
  });
});
