// The bars of the score histogram.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countIn, histogram, scoreAxis, seriesOf, SERIES } from './histogram';

describe('the score axis', () => {
  it('has round ends around all scores', () => {
    expect(scoreAxis([1.13, 4.86])).toEqual([1, 5]);
    expect(scoreAxis([12, 480])).toEqual([0, 500]);
  });

  it('has a length even for a single score, and is missing without any', () => {
    const [low, high] = scoreAxis([3])!;
    expect(high).toBeGreaterThan(low);
    expect(scoreAxis([])).toBeNull();
  });
});

describe('the bars', () => {
  it('hold every image once, inside their edges', () => {
    const score = fc.double({ min: -50, max: 500, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.record({ score, series: fc.constantFrom(...SERIES) }), { minLength: 1 }),
        (items) => {
          const bars = histogram(items, scoreAxis(items.map((item) => item.score))!);
          expect(bars.reduce((sum, bar) => sum + bar.total, 0)).toBe(items.length);
          for (const bar of bars) {
            const counted = SERIES.reduce((sum, name) => sum + bar.counts[name], 0);
            expect(counted).toBe(bar.total);
            expect(bar.to).toBeGreaterThan(bar.from);
          }
        },
      ),
    );
  });

  it('put a score at the upper end into the last bar', () => {
    const bars = histogram([{ score: 4, series: 'normal' }], [0, 4], 4);
    expect(bars.map(({ total }) => total)).toEqual([0, 0, 0, 1]);
  });

  it('tell training, normal, defective and unknown images apart', () => {
    expect(seriesOf({ split: 'train', label: 0 })).toBe('train');
    expect(seriesOf({ split: 'test', label: 0 })).toBe('normal');
    expect(seriesOf({ split: 'test', label: 1 })).toBe('anomalous');
    expect(seriesOf({ split: 'test', label: null })).toBe('unknown');
  });
});

describe('scores without images', () => {
  it('are counted in their bars, those beyond the axis in the outermost', () => {
    expect(countIn([-5, 0, 0.4, 1.9, 2, 77], [0, 2], 4)).toEqual([3, 0, 0, 3]);
  });
});
