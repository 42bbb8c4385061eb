import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NotANumber, SizeMismatch } from './errors';
import { auroc, averagePrecision, f1Max } from './scores';

/** Few distinct scores, so that ties are the rule. */
const labelledScores = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(0, 1)), { minLength: 2, maxLength: 40 })
  .filter((rows) => rows.some(([, label]) => label === 0) && rows.some(([, label]) => label === 1))
  .map((rows) => ({ scores: rows.map(([score]) => score / 10), labels: rows.map(([, label]) => label) }));

const of = (scores: number[], labels: number[], wanted: number) =>
  scores.filter((_, i) => labels[i] === wanted);

describe('figures over image scores', () => {
  it('AUROC is the share of pairs in the right order, ties counting one half', () => {
    fc.assert(
      fc.property(labelledScores, ({ scores, labels }) => {
        const pairs = of(scores, labels, 1).flatMap((positive) =>
          of(scores, labels, 0).map((normal) => (positive > normal ? 1 : positive === normal ? 0.5 : 0)),
        );
        const expected = pairs.reduce<number>((sum, pair) => sum + pair, 0) / pairs.length;
        expect(auroc(scores, labels)).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('average precision and F1-max agree with trying every threshold', () => {
    fc.assert(
      fc.property(labelledScores, ({ scores, labels }) => {
        const positives = of(scores, labels, 1);
        let recall = 0;
        let expectedAp = 0;
        let expectedF1 = 0;
        for (const threshold of [...new Set(scores)].sort((a, b) => b - a)) {
          const found = positives.filter((score) => score >= threshold).length;
          const called = scores.filter((score) => score >= threshold).length;
          expectedAp += (found / positives.length - recall) * (found / called);
          recall = found / positives.length;
          expectedF1 = Math.max(expectedF1, (2 * found) / (called + positives.length));
        }
        expect(averagePrecision(scores, labels)).toBeCloseTo(expectedAp, 12);
        expect(f1Max(scores, labels)!.f1).toBeCloseTo(expectedF1, 12);
      }),
    );
  });

  it('the threshold of F1-max is the lowest score that is called anomalous', () => {
    expect(f1Max([0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1])).toEqual({ f1: 1, threshold: 0.3 });
  });

  it('of thresholds with the same F1 the highest is taken', () => {
    expect(f1Max([0.4, 0.3, 0.2, 0.1], [1, 0, 0, 1])).toEqual({ f1: 2 / 3, threshold: 0.4 });
  });

  it('says null when a class is missing, and leaves unknown labels out', () => {
    expect(auroc([1, 2], [1, 1])).toBeNull();
    expect(averagePrecision([1, 2], [0, 0])).toBeNull();
    expect(f1Max([], [])).toBeNull();
    expect(auroc([1, 9, 2], [0, null, 1])).toBe(1);
  });

  it('refuses NaN and lists of different lengths', () => {
    expect(() => auroc([1, NaN], [0, 1])).toThrow(NotANumber);
    expect(() => averagePrecision([NaN, 1], [null, 1])).toThrow(NotANumber);
    expect(() => f1Max([1, 2], [0])).toThrow(SizeMismatch);
  });

  it('ranks infinite scores', () => {
    expect(auroc([-Infinity, 0, Infinity], [0, 0, 1])).toBe(1);
  });
});
