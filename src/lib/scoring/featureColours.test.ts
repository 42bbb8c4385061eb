import { expect, it } from 'vitest';
import { colourBytes, featureColours } from './featureColours';

/** Rows spread along three known directions, less and less, around (5, -2, 0, 1). */
function rows(): Float32Array {
  const directions = [[3, 3, 0, 0], [0, 0, 1, 0], [0.2, -0.2, 0, 0.3]]; // prettier-ignore
  const values: number[] = [];
  for (let i = 0; i < 60; i++) {
    const along = [Math.sin(1.3 * i), Math.sin(2.1 * i + 1), Math.sin(2.9 * i + 2)];
    for (let c = 0; c < 4; c++)
      values.push([5, -2, 0, 1][c]! + directions.reduce((sum, direction, k) => sum + along[k]! * direction[c]!, 0)); // prettier-ignore
  }
  return Float32Array.from(values);
}

it('finds the directions of largest variance, in their order', () => {
  const { axes, spread } = featureColours(rows(), 4);
  const column = (k: number) => [0, 1, 2, 3].map((c) => axes[3 * c + k]!);
  expect(column(0)[0]).toBeCloseTo(Math.SQRT1_2, 1);
  expect(column(0)[1]).toBeCloseTo(Math.SQRT1_2, 1);
  expect(Math.abs(column(1)[2]!)).toBeCloseTo(1, 1);
  expect(column(0).reduce((sum, value, i) => sum + value * column(1)[i]!, 0)).toBeCloseTo(0, 5);
  expect(spread[0]).toBeGreaterThan(spread[1]);
  expect(spread[1]).toBeGreaterThan(spread[2]);
});

it('survives features that never vary, and fewer channels than colours', () => {
  const flat = featureColours(new Float32Array(12).fill(0.5), 4);
  expect([...colourBytes(Float32Array.from([...flat.middle]), flat)]).toEqual([128, 128, 128]);
  const narrow = featureColours(Float32Array.from([1, 2, 2, 4, 3, 6]), 2);
  expect(narrow.axes.every(Number.isFinite)).toBe(true);
  expect(narrow.spread[2]).toBe(0);
});

it('draws the middle grey, a spread brighter, and what is no number grey too', () => {
  const scale = { middle: [1, 1, 1], spread: [2, 2, 2] } satisfies Parameters<typeof colourBytes>[1];
  expect([...colourBytes(Float32Array.from([1, 3, 100, NaN, -100, 1]), scale)]).toEqual([
    128, 179, 255, 128, 0, 128,
  ]);
});
