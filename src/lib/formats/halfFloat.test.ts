// Sixteen-bit floats there and back.
import { describe, expect, it } from 'vitest';
import { float16ToFloat32, float32ToFloat16 } from './halfFloat';

describe('half precision', () => {
  it('writes every half as it is read', () => {
    const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits).filter(
      // Not-a-number has many bit patterns.
      (bits) => (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0,
    );
    expect(float32ToFloat16(float16ToFloat32(all))).toEqual(all);
  });

  it.each([
    ['halfway to the even one', 1 + 2 ** -11, 1],
    ['halfway to the even one above', 1 + 3 * 2 ** -11, 1 + 2 ** -9],
    ['just below a power of two', 1 - 2 ** -13, 1],
    ['half the smallest', 2 ** -25, 0],
    ['more than that', 1.01 * 2 ** -25, 2 ** -24],
    ['the largest', 65519, 65504],
    ['too large', 65520, Infinity],
    ['not a number', NaN, NaN],
  ])('rounds %s', (_, value, expected) => {
    expect([...float16ToFloat32(float32ToFloat16(Float32Array.of(value, -value)))]).toEqual([
      expected,
      -expected,
    ]);
  });
});
