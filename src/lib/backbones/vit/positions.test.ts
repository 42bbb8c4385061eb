import { describe, expect, it } from 'vitest';
import { resampledPositions } from './positions';

const ramp = (grid: number, channels: number) =>
  Float32Array.from({ length: grid * grid * channels }, (_, i) => Math.floor(i / channels) % grid);

describe('the position embedding on another grid', () => {
  it('is the very same on the trained one', () => {
    const positions = ramp(5, 2);
    expect(resampledPositions(positions, 5, { height: 5, width: 5 })).toBe(positions);
  });

  it('is resampled also where the number of places is the same but not the sides', () => {
    expect(resampledPositions(ramp(4, 1), 4, { height: 2, width: 8 })).toHaveLength(16);
    expect(resampledPositions(ramp(4, 1), 4, { height: 2, width: 8 })).not.toEqual(ramp(4, 1));
  });

  it.each([2, 3, 9])('keeps a constant, and a ramp’s middle and order, at a width of %d', (width) => {
    const constant = resampledPositions(new Float32Array(25).fill(3), 5, { height: 4, width });
    for (const value of constant) expect(value).toBeCloseTo(3, 6);
    const row = [...resampledPositions(ramp(5, 1), 5, { height: 1, width })];
    expect([...row].sort((a, b) => a - b)).toEqual(row);
    expect((row[0]! + row.at(-1)!) / 2).toBeCloseTo(2, 5);
  });
});
