import { describe, expect, it } from 'vitest';
import { PARAMS } from '../../settings/table';
import { presetParams } from '../../settings/presets';
import { BadFlag } from '../errors';
import { BadComparison } from './errors';
import { planRuns, readShard, shardOf, slug } from './plan';
import { ABLATIONS, readAblation, readMethods, readSeeds, readVariant } from './variants';

describe('what stands across the table', () => {
  it('every method of the table, by its name', () => {
    const names = PARAMS.method.options.map(({ value }) => value);
    expect(readMethods(names.join(', ')).map(({ changes }) => changes.method)).toEqual(names);
  });

  it('a variant is a name and flags, each read as strictly as on the command line', () => {
    expect(readVariant('coarse grid = --method grad  --local-grid 4 --no-refine')).toEqual({
      label: 'coarse grid',
      changes: { method: 'grad', localGrid: 4, refine: false },
    });
    expect(readVariant('as it is=')).toEqual({ label: 'as it is', changes: {} });
    for (const raw of ['nameless', '=--refine', 'x=--nonsense 1', 'x=--seed 4', 'x=stray']) {
      expect(() => readVariant(raw), raw).toThrow(BadComparison);
    }
    expect(() => readVariant('x=--local-grid 9000')).toThrow(BadFlag);
  });

  it('refuses what is no method, no ablation, no seed, or named twice', () => {
    expect(() => readMethods('grad,magic')).toThrow(/no method "magic"/);
    expect(() => readAblation('toString')).toThrow(BadComparison);
    for (const raw of ['', '1,x', '-1', '1.5', '2,2', '1,'])
      expect(() => readSeeds(raw), raw).toThrow(BadComparison);
    expect(readSeeds('0, 7')).toEqual([0, 7]);
  });

  it('ablations differ from each other', () => {
    const base = presetParams('demo');
    for (const variants of Object.values(ABLATIONS)) {
      const runs = planRuns(base, ['c'], variants, [0]).map(({ params }) => JSON.stringify(params));
      expect(new Set(runs).size).toBe(variants.length);
    }
  });
});

describe('plan', () => {
  const plan = (variants: string, classes = ['nut', 'cap']) =>
    planRuns(presetParams('demo'), classes, readMethods(variants), [0, 1]);

  it('lists all runs class by class, each with its seed and method', () => {
    const runs = plan('normal-grid,grad');
    expect(runs).toHaveLength(8);
    expect(runs.slice(0, 4).every(({ className }) => className === 'nut')).toBe(true);
    expect(runs[3]!.params).toMatchObject({ method: 'grad', seed: 1 });
  });

  it.each([1, 2, 3, 5, 8, 11])('%i shards do every run once and are of like size', (count) => {
    const runs = plan('normal-grid,grad');
    const shards = Array.from({ length: count }, (_, i) => shardOf(runs, { index: i + 1, count }));
    expect(shards.flat()).toEqual(runs);
    const sizes = shards.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it.each(['0/3', '4/3', '1', '1/0', 'a/b', '1/2/3'])('refuses the shard %s', (raw) => {
    expect(() => readShard(raw)).toThrow(BadComparison);
  });

  it('refuses names that would share a file', () => {
    expect(() => plan('grad,grad')).toThrow(BadComparison);
    expect(() => plan('grad', ['a b', 'a/b'])).toThrow(BadComparison);
    expect(slug('../x y/z')).toBe('__x_y_z');
  });
});
