import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DatasetImage } from './data/dataset';
import { BadFlag, UnfitData } from './errors';
import {
  describeRequest,
  HELD_OUT,
  holdOut,
  normalIds,
  quantileNotices,
  readHoldOut,
  readThreshold,
  shareHeldOut,
} from './threshold';

const image = (path: string, split: 'train' | 'test' = 'train', label: 0 | 1 | null = 0): DatasetImage => ({
  ...{ path, file: path, split, label, type: 'good', mask: null },
});
const images = (count: number) => Array.from({ length: count }, (_, i) => image(`${i}.png`));

describe('--threshold', () => {
  it.each(['f1', 'synthetic', 'quantile:0.99', 'quantile:1', '3.25', '-1e-3', '0'])('reads %s', (raw) => {
    expect(describeRequest(readThreshold(raw))).toBe(raw === '-1e-3' ? '-0.001' : raw);
  });

  const SENSELESS = [
    '',
    ' ',
    'f2',
    'quantile',
    'quantile:',
    'quantile:1.01',
    'quantile:x',
    'NaN',
    'Infinity',
    '1,5',
  ];
  it.each(SENSELESS)('refuses "%s"', (raw) => {
    expect(() => readThreshold(raw)).toThrow(BadFlag);
  });

  it.each(['0', '1', '-0.1', 'x', ''])('holds out no share of "%s"', (raw) => {
    expect(() => readHoldOut(raw)).toThrow(BadFlag);
  });
});

describe('held-out images', () => {
  it('are a seeded share: disjoint, in order, the same for the same seed, and never all', () => {
    const anySplit = fc.record({
      count: fc.integer({ min: 2, max: 60 }),
      share: fc.double({ min: 0.01, max: 0.6, noNaN: true }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(anySplit, ({ count, share, seed }) => {
        const all = images(count);
        fc.pre(Math.max(1, Math.round(share * count)) < count);
        const { train, heldOut } = holdOut({ train: all }, share, seed);
        expect(heldOut).toHaveLength(Math.max(1, Math.round(share * count)));
        expect(all.filter((one) => train.includes(one) !== heldOut.includes(one))).toHaveLength(count);
        expect(holdOut({ train: all }, share, seed)).toEqual({ train, heldOut });
        for (const part of [train, heldOut]) expect(part).toEqual(all.filter((one) => part.includes(one)));
      }),
    );
  });

  it('are none without a share, and refused where nothing would be left to train on', () => {
    const train = images(1);
    expect(holdOut({ train }, null, 0)).toEqual({ train, heldOut: [] });
    expect(() => holdOut({ train }, 0.2, 0)).toThrow(UnfitData);
  });
});

describe('a line beside pasted blocks', () => {
  it('holds images out where there are no normal test images, unless something else was said', () => {
    const synthetic = { from: 'synthetic' } as const;
    expect(shareHeldOut(synthetic, null, [image('a', 'test', 1)])).toBe(HELD_OUT);
    expect(shareHeldOut(synthetic, null, [image('a', 'test')])).toBeNull();
    expect(shareHeldOut(synthetic, 0.5, [image('a', 'test')])).toBe(0.5);
    expect(shareHeldOut({ from: 'f1' }, null)).toBeNull();
  });
});

describe('normal images for pasted blocks', () => {
  it('are those of the test side, else of the training side', () => {
    const train = image('a');
    expect(normalIds([train, image('b', 'test', 1)])).toEqual(['a']);
    expect(normalIds([train, image('b', 'test', 1), image('c', 'test')])).toEqual(['c']);
  });
});

describe('a quantile of few images', () => {
  const noticesFor = (q: number, count: number) => quantileNotices({ from: 'quantile', q }, count);

  it('is said to be little else than their largest score, with how many it needs', () => {
    expect(noticesFor(0.99, 2)[0]!.text).toMatch(/2 held-out images.*needs 100 or more/);
    expect(noticesFor(0.95, 19)).toHaveLength(1);
  });

  it('is silent where there are enough, and where no quantile was asked for', () => {
    expect(noticesFor(0.95, 20)).toEqual([]);
    expect(noticesFor(1, 1)).toEqual([]);
    expect(quantileNotices({ from: 'f1' }, 1)).toEqual([]);
    expect(quantileNotices(null, 0)).toEqual([]);
  });
});
