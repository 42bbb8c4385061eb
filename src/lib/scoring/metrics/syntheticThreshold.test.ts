import { describe, expect, it } from 'vitest';
import { Random } from '../../nn/random';
import { NotANumber } from './errors';
import { FALSE_ALARMS_ALLOWED, syntheticThreshold } from './syntheticThreshold';

/** Standard normal numbers. */
function gaussians(random: Random, count: number): number[] {
  const uniform = () => (random.int(0, 2 ** 30) + 1) / (2 ** 30 + 2);
  return Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

/** 360 images as normal ones are, times 1 (a block nobody sees) to 50. */
const pastedScores = (random: Random) =>
  gaussians(random, 360).map((g, i) => Math.exp(0.15 * g) * 50 ** Math.max(0, (i - 90) / 269));

describe('the threshold from synthetic anomalies', () => {
  // The highest of eight normal scores, where nearly every line between few and many ends, is passed by every ninth image.
  it.each([
    { normals: 4, most: 0.06 },
    { normals: 8, most: 0.05 },
    { normals: 30, most: 0.04 },
  ])('flags few further normal images when drawn from $normals', ({ normals, most }) => {
    let [alarms, missed] = [0, 0];
    const draws = 60;
    for (let seed = 0; seed < draws; seed++) {
      const random = Random.stream(seed, `normals ${normals}`);
      const scores = (count: number) => gaussians(random, count).map((g) => Math.exp(0.15 * g));
      const pasted = pastedScores(random);
      const own = scores(normals);
      const { value, evidence } = syntheticThreshold(own, pasted)!;
      const further = scores(400);
      alarms += further.filter((score) => score > value).length / further.length / draws;
      missed += pasted.slice(90).filter((score) => score <= value).length / 270 / draws;
      expect(evidence!.flagged).toBeLessThanOrEqual(FALSE_ALARMS_ALLOWED * normals);
    }
    expect(alarms).toBeLessThan(most);
    expect(missed).toBeLessThan(0.2);
  });

  it('flags no normal image where the two kinds are apart, however many are pasted', () => {
    const { value, evidence } = syntheticThreshold([1, 2, 3, 2], [...Array<number>(400).fill(0.5), 20, 30])!;
    expect(value).toBeGreaterThan(3);
    expect(evidence).toMatchObject({ normals: 4, flagged: 0, pasted: 402, found: 2 });
    expect(evidence!.falseAlarms[1]).toBeCloseTo(1 - 0.025 ** (1 / 4), 10);
  });

  it('lies halfway between neighbours when there is no spread to go by', () => {
    expect(syntheticThreshold([1], [4, 5])).toMatchObject({ value: 2.5, source: 'synthetic anomalies' });
    expect(syntheticThreshold([2, 2], [2, 8])!.value).toBe(5);
  });

  it('calls nothing anomalous when nothing pasted stands out', () => {
    expect(syntheticThreshold([2, 2], [2])).toMatchObject({ value: 2, evidence: { flagged: 0, found: 0 } });
    expect(syntheticThreshold([-1, -5], [-3, -2])!.value).toBe(-1);
  });

  it('has no line without both kinds, and refuses what is no number', () => {
    expect(syntheticThreshold([1, 2], [])).toBeNull();
    expect(syntheticThreshold([], [4])).toBeNull();
    for (const value of [NaN, Infinity]) expect(() => syntheticThreshold([1], [value])).toThrow(NotANumber);
  });
});
