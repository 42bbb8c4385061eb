// What is said before a large set is loaded, and which images stay when only some are taken.
import { describe, expect, it } from 'vitest';
import { BUDGETS } from '../../engine/adapter/budgets';
import { spread } from '../../lib/datasets/spread';
import { estimateLoad } from './loadEstimate';

const FACTS = { images: 5000, bytes: 2e9, featureSize: 32 * 32 * 144, macs: 5e8, gflops: 100 };

describe('the estimate of a load', () => {
  it('fills one tier of features after the other', () => {
    const { features } = estimateLoad(FACTS);
    expect(features.all).toBe(5000 * 32 * 32 * 144 * 4);
    expect(features.gpu).toBe(BUDGETS.gpuFeatures);
    expect(features.memory).toBe(BUDGETS.memoryFeatures);
    expect(features.gpu + features.memory + features.disk).toBe(features.all);
    const small = estimateLoad({ ...FACTS, images: 10 });
    expect(small.features).toMatchObject({ gpu: small.features.all, memory: 0, disk: 0 });
  });

  it('keeps main memory far below the 2 GB of a page, however large the files are', () => {
    expect(estimateLoad(FACTS).memory).toBeLessThan(600e6);
    expect(estimateLoad({ ...FACTS, bytes: 50e9 }).memory).toBe(estimateLoad(FACTS).memory);
  });

  it('grows in time with images, files and backbone, and falls with the adapter', () => {
    const { seconds } = estimateLoad(FACTS);
    expect(seconds).toBeCloseTo(2e9 * 1e-7 + 5000 * (1e9 / 100e9), 0);
    expect(estimateLoad({ ...FACTS, gflops: 10 }).seconds).toBeGreaterThan(seconds);
    expect(estimateLoad({ ...FACTS, macs: 0 }).seconds).toBeLessThan(seconds);
  });
});

describe('some of a list', () => {
  it('are spread evenly, in order, none twice', () => {
    expect(spread([0, 1, 2, 3, 4, 5, 6, 7], 4)).toEqual([0, 2, 4, 6]);
    expect(spread([1, 2], 4)).toEqual([1, 2]);
    const list = Array.from({ length: 10_007 }, (_, i) => i);
    expect(new Set(spread(list, 1000)).size).toBe(1000);
  });
});
