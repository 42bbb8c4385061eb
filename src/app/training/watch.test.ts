// What is kept of a watched training.
import { describe, expect, it } from 'vitest';
import { MAX_SNAPSHOTS, reduced, thin } from './watch';

describe('a kept map', () => {
  it('is the mean of the cells it covers, at the edges of those that are there', () => {
    const values = Float32Array.of(1, 3, 5, 5, 7, 9, 2, 4, 6);
    expect([...reduced({ width: 3, height: 3, values }, 2).values]).toEqual([4, 7, 3, 6]);
  });

  it('stays as it is where it is small', () => {
    const map = { width: 2, height: 1, values: Float32Array.of(1, 2) };
    expect(reduced(map)).toEqual(map);
  });
});

describe('snapshots', () => {
  it('are thinned when there are too many, and the first and the last stay', () => {
    const many = Array.from({ length: MAX_SNAPSHOTS + 2 }, (_, i) => i);
    const few = thin(many);
    expect(few.length).toBeLessThanOrEqual(MAX_SNAPSHOTS);
    expect([few[0], few.at(-1)]).toEqual([0, MAX_SNAPSHOTS + 1]);
    expect(thin([1, 2, 3])).toEqual([1, 2, 3]);
  });
});
