// Intervals of shares and tails of Student's t against SciPy (goldens/scores.py).
import { describe, expect, it } from 'vitest';
import { goldenJson } from '../../../testing/golden';
import { regularisedBeta, shareInterval, studentTail } from './beta';

interface Shares {
  intervals: { count: number; of: number; level: number; interval: [number, number] }[];
  tails: { t: number; freedom: number; above: number }[];
}

describe('shares of few', () => {
  const { intervals, tails } = goldenJson('shares') as Shares;

  it.each(intervals)('interval of $count of $of at $level', ({ count, of, level, interval }) => {
    const found = shareInterval(count, of, level);
    interval.forEach((end, i) => expect(found[i]).toBeCloseTo(end, 10));
  });

  it.each(tails)('chance above $t with $freedom degrees of freedom', ({ t, freedom, above }) => {
    expect(Math.abs(studentTail(t, freedom) / above - 1)).toBeLessThan(1e-10);
  });

  it('is a distribution function', () => {
    expect([regularisedBeta(0, 2, 3), regularisedBeta(1, 2, 3)]).toEqual([0, 1]);
    expect(regularisedBeta(0.3, 2, 5) + regularisedBeta(0.7, 5, 2)).toBeCloseTo(1, 14);
  });
});
