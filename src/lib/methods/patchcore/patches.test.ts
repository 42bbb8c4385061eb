// Which patches are drawn, and how many are remembered.
import { describe, expect, it } from 'vitest';
import { Random } from '../../nn/random';
import { coresetSizes, drawSorted } from './patches';

describe('drawSorted', () => {
  it('draws different numbers in ascending order, others for another seed', () => {
    const draw = (seed: number) => [...drawSorted(Random.stream(seed, 'pool'), 1000, 300)];
    expect(new Set(draw(1)).size).toBe(300);
    expect(draw(1)).toEqual([...draw(1)].sort((a, b) => a - b));
    expect(draw(1).at(-1)).toBeLessThan(1000);
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('takes all where all are wanted', () => {
    expect([...drawSorted(Random.stream(1, 'pool'), 5, 5)]).toEqual([0, 1, 2, 3, 4]);
  });

  it('favours no number', () => {
    const random = Random.stream(1, 'pool');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 5000; i++) for (const drawn of drawSorted(random, 10, 3)) counts[drawn]!++;
    // 1,500 each with a standard deviation of 32.
    for (const count of counts) expect(Math.abs(count - 1500)).toBeLessThan(150);
  });
});

describe('coresetSizes', () => {
  it.each([
    ['a share of all patches', 1000, [10, 0, 0], [1000, 100]],
    ['rounded down, but never nothing', 1000, [0.01, 0, 0], [1000, 1]],
    ['no more than the limit', 1000, [50, 200, 0], [1000, 200]],
    ['of a pool', 1000, [10, 0, 400], [400, 100]],
    ['all of a pool that has no more', 1000, [50, 0, 400], [400, 400]],
    ['all where there are fewer than asked for', 30, [100, 2000, 40_000], [30, 30]],
  ])('remembers %s', (_, patches, [coresetPercent, coresetLimit, coresetPool], [pool, coreset]) => {
    const options = {
      coresetPercent: coresetPercent!,
      coresetLimit: coresetLimit!,
      coresetPool: coresetPool!,
    };
    expect(coresetSizes(patches, options)).toEqual({ pool, coreset });
  });
});
