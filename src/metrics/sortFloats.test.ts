import { describe, expect, it } from 'vitest';
import { NotANumber } from './errors';
import { sortFloats } from './sortFloats';

/** Repeatable values of both signs and many magnitudes. */
const values = (length: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898) * 10 ** ((i % 20) - 10));

describe('sortFloats', () => {
  it.each([0, 1, 100, 20_000])('agrees with the built-in sort on %i values', (length) => {
    const unsorted = values(length);
    expect(sortFloats(unsorted, 'x')).toEqual(unsorted.slice().sort());
  });

  it('keeps the given array as it is', () => {
    const unsorted = values(20_000);
    const before = unsorted.slice();
    sortFloats(unsorted, 'x');
    expect(unsorted).toEqual(before);
  });

  it('orders infinities and both zeros', () => {
    const unsorted = values(20_000);
    unsorted.set([Infinity, -Infinity, 0, -0], 1000);
    expect(sortFloats(unsorted, 'x')).toEqual(unsorted.slice().sort());
  });

  it.each([10, 20_000])('refuses NaN among %i values and says where', (length) => {
    const unsorted = values(length);
    unsorted[3] = NaN;
    expect(() => sortFloats(unsorted, 'An anomaly map')).toThrow(NotANumber);
    expect(() => sortFloats(unsorted, 'An anomaly map')).toThrow('An anomaly map');
  });
});
