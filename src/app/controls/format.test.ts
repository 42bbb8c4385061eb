// Numbers as people read them.
import { describe, expect, it } from 'vitest';
import { fineStep, formatBytes, formatMetric, formatScore, formatSeconds, plural, printed } from './format';

describe('formatted numbers', () => {
  it('give scores three digits and no minus zero', () => {
    expect([0.4471, 5.096, 47.31, 512.4, -0.0001].map(formatScore)).toEqual([
      '0.447',
      '5.10',
      '47.3',
      '512',
      '0.000',
    ]);
  });

  it('are printed with a true minus', () => expect(printed(-1.742)).toBe('−1.74'));

  it('give durations in seconds, then minutes', () => {
    expect([0.2, 59.4, 125].map(formatSeconds)).toEqual(['0 s', '59 s', '2:05 min']);
  });

  it('give bytes a unit that fits', () => {
    expect([0, 999, 1500, 48e6, 2.5e9].map(formatBytes)).toEqual([
      '0 bytes',
      '999 bytes',
      '1.5 kB',
      '48 MB',
      '2.5 GB',
    ]);
  });

  it('give a dash for an undefined metric', () => {
    expect([0.93, null, undefined].map(formatMetric)).toEqual(['93.0 %', '–', '–']);
  });

  it('count in words', () =>
    expect([plural(1, 'image'), plural(3000, 'image')]).toEqual(['1 image', '3,000 images']));

  it('step finely through small and large ranges', () => {
    expect(fineStep([0.4, 0.65])).toBeCloseTo(0.001, 12);
    expect(fineStep([0, 500])).toBe(1);
  });
});
