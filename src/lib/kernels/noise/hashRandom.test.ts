// The hash behind dropout and jitter: its published values, its shares, its independence of neighbouring seeds.
import { describe, expect, it } from 'vitest';
import { bitsAt, dropFactor, dropRule, hash } from './hashRandom';

describe('counterRandom', () => {
  it('is the published hash', () => {
    // Worked out with arbitrary-precision integers from the definition.
    expect([0, 1, 2, 2 ** 32 - 1].map(hash)).toEqual([129708002, 2831084092, 2055130248, 3861530882]);
  });

  it('drops about the share asked for, other positions for another seed', () => {
    const drops = (seed: number) =>
      Array.from({ length: 4000 }, (_, i) => dropFactor(dropRule(0.1, seed), i));
    const zeros = drops(1).filter((factor) => factor === 0).length;
    expect(zeros / 4000).toBeGreaterThan(0.08);
    expect(zeros / 4000).toBeLessThan(0.12);
    expect(drops(2)).not.toEqual(drops(1));
    expect(bitsAt(1, 5)).not.toBe(bitsAt(1, 6));
  });
});
