import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRanges, totalBytes, type ByteRange } from './ranges';

describe('mergeRanges', () => {
  it('reads small holes along and skips large ones', () => {
    const ranges = [
      { begin: 100, end: 110 },
      { begin: 0, end: 40 },
      { begin: 45, end: 50 },
      { begin: 46, end: 48 },
    ];
    expect(mergeRanges(ranges, 10)).toEqual([
      { begin: 0, end: 50 },
      { begin: 100, end: 110 },
    ]);
  });

  it('covers every range once, in order, with gaps larger than the limit between', () => {
    const range = fc
      .tuple(fc.nat(1000), fc.nat(60))
      .map(([begin, size]): ByteRange => ({ begin, end: begin + size }));
    fc.assert(
      fc.property(fc.array(range), fc.nat(50), (ranges, gap) => {
        const merged = mergeRanges(ranges, gap);
        const covers = ({ begin, end }: ByteRange) =>
          begin === end || merged.some((one) => one.begin <= begin && end <= one.end);
        expect(ranges.every(covers)).toBe(true);
        expect(merged.slice(1).every(({ begin }, i) => begin > merged[i]!.end + gap)).toBe(true);
        expect(totalBytes(merged)).toBeLessThanOrEqual(1060);
      }),
    );
  });
});
