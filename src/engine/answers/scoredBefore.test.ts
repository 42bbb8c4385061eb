// What was found of images is used again as long as it would be found again.
import { expect, it } from 'vitest';
import type { StoredImage } from '../features/imageStore';
import type { ModelState } from '../models/modelState';
import { ScoredBefore, type ImageResult } from './scoredBefore';

const image = (change: Partial<StoredImage> = {}) =>
  ({ bytes: new ArrayBuffer(1), mask: new ArrayBuffer(1), label: 1, ...change }) as StoredImage;
const result = { score: 2, extremes: { fused: [0, 3] }, pixels: { regions: null } } as unknown as ImageResult;
const model = () => ({}) as ModelState;

it('needs scores once, and pixels once more when mask or label are others', () => {
  const [before, one] = [new ScoredBefore(), image()];
  before.begin(model(), 'so');
  expect(before.find(one, true)).toBeNull();
  before.keep(one, true, result, 100);
  expect(before.find(one, true)).toEqual(result);
  expect(before.find(one, false)).toEqual({ ...result, pixels: null });
  expect(before.find({ ...one, mask: new ArrayBuffer(1) }, true)).toBeNull();
  expect(before.find({ ...one, label: 0 }, true)).toBeNull();
  expect(before.find({ ...one, mask: null, label: 0 }, false)).toMatchObject({ score: 2 });
  expect(before.find(image(), false)).toBeNull();
});

it('forgets everything with another model or another way of scoring', () => {
  const [before, one, state] = [new ScoredBefore(), image(), model()];
  before.begin(state, 'so');
  before.keep(one, false, { ...result, pixels: null }, 100);
  before.begin(state, 'so');
  expect(before.find(one, false)).not.toBeNull();
  expect(before.find(one, true)).toBeNull();
  for (const [next, how] of [
    [state, 'otherwise'],
    [model(), 'otherwise'],
  ] as const) {
    before.begin(next, how);
    expect(before.find(one, false)).toBeNull();
    before.keep(one, false, result, 100);
  }
});

it('remembers the pixels of so many images only, and the scores of all', () => {
  const before = new ScoredBefore();
  before.begin(model(), 'so');
  const images = Array.from({ length: 3 }, () => image());
  for (const one of images) before.keep(one, true, result, 2 ** 24);
  expect(images.map((one) => before.find(one, true) !== null)).toEqual([true, true, false]);
  expect(images.map((one) => before.find(one, false)?.score)).toEqual([2, 2, 2]);
});
