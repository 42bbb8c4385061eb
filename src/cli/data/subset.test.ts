import { describe, expect, it } from 'vitest';
import { limitTest, limitTrain, type Member } from './subset';

const images = (type: string, count: number): Member[] =>
  Array.from({ length: count }, (_, i) => ({ path: `${type}/${i}`, type, label: type === 'good' ? 0 : 1 }));

const test = [...images('break', 10), ...images('crack', 20), ...images('good', 30)];
const counts = (drawn: Member[]) =>
  Object.fromEntries(
    ['good', 'break', 'crack'].map((t) => [t, drawn.filter(({ type }) => type === t).length]),
  );

describe('limitTrain', () => {
  it('draws the same images for the same seed and others for another, in the given order', () => {
    const all = images('good', 50);
    const drawn = limitTrain(all, 10, 3);
    expect(drawn).toHaveLength(10);
    expect(limitTrain(all, 10, 3)).toEqual(drawn);
    expect(limitTrain(all, 10, 4)).not.toEqual(drawn);
    expect(drawn).toEqual(all.filter((image) => drawn.includes(image)));
  });

  it('keeps all when there are no more', () => {
    expect(limitTrain(images('good', 5), 24, 0)).toHaveLength(5);
  });
});

describe('limitTest', () => {
  it('keeps the proportions of the types', () => {
    expect(counts(limitTest(test, 30, 0))).toEqual({ good: 15, break: 5, crack: 10 });
  });

  it('keeps one of each type before it keeps two of any, a normal one first', () => {
    expect(counts(limitTest(test, 1, 0))).toEqual({ good: 1, break: 0, crack: 0 });
    expect(counts(limitTest(test, 3, 0))).toEqual({ good: 1, break: 1, crack: 1 });
    const lopsided = [...images('good', 100), ...images('break', 1)];
    expect(counts(limitTest(lopsided, 10, 0))).toMatchObject({ good: 9, break: 1 });
  });

  it('is seeded, keeps the given order, and never draws more than there are', () => {
    const drawn = limitTest(test, 20, 1);
    expect(limitTest(test, 20, 1)).toEqual(drawn);
    expect(limitTest(test, 20, 2)).not.toEqual(drawn);
    expect(drawn).toEqual(test.filter((image) => drawn.includes(image)));
    expect(limitTest(test, 500, 1)).toEqual(test);
  });

  it('does not mix normal images with a defect type of the same name', () => {
    const mixed: Member[] = [...images('good', 4), { path: 'x', type: 'good', label: 1 }];
    expect(limitTest(mixed, 2, 0).map(({ label }) => label)).toEqual([0, 1]);
  });
});
