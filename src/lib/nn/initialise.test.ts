import { describe, expect, it } from 'vitest';
import { constant, kaimingUniform, xavierNormalTable } from './initialise';
import { drawn } from './parameters';

const values = (start: Parameters<ReturnType<typeof drawn>>[1], name = 'a') => drawn(0)(name, start);
const deviationOf = (sample: Float32Array) =>
  Math.sqrt(sample.reduce((sum, v) => sum + v * v, 0) / sample.length);

describe('start values', () => {
  it('fills weights evenly within 1 / sqrt(fanIn)', () => {
    const sample = values(kaimingUniform([64, 100], 64));
    const bound = 1 / 8;
    expect(sample).toHaveLength(6400);
    expect(Math.max(...sample.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.abs(deviationOf(sample) / (bound / Math.sqrt(3)) - 1)).toBeLessThan(0.02);
  });

  it('gives tables torch’s Xavier-normal deviation', () => {
    const sample = values(xavierNormalTable(8, 200));
    const expected = Math.sqrt(2 / (201 * 64));
    expect(Math.abs(deviationOf(sample) / expected - 1)).toBeLessThan(0.02);
  });

  it('fills constants', () => {
    expect([...values(constant([2, 2], -0.2))]).toEqual(Array(4).fill(Math.fround(-0.2)));
  });

  it('depends on seed and name alone', () => {
    const start = kaimingUniform([8], 8);
    expect(values(start)).toEqual(values(start));
    expect(values(start, 'b')).not.toEqual(values(start));
    expect(drawn(1)('a', start)).not.toEqual(values(start));
  });
});
