import { expect, it } from 'vitest';
import type { InsideVectors } from '../../engine/api/types';
import { binned, gridSum } from './sum';

const vectors = {
  phi: Float32Array.from([1, 2, 2]),
  normal: Float32Array.from([1, 2, 0]),
  abnormal: Float32Array.from([2, 0, -2]),
  seen: null,
  expected: null,
} satisfies InsideVectors;

it('adds up step by step to the distance', () => {
  const sum = gridSum({ vectors }, { fusion: { kind: 'w', value: -0.5 } }, true, 0.8)!;
  expect(sum.added!.map((value) => value + 0)).toEqual([-1, 0, 1]);
  expect(sum.pre).toEqual([0, 2, 1]);
  expect(sum.normalDistance).toBe(2);
  expect(sum.preDistance).toBeCloseTo(Math.SQRT2, 12);
  expect(sum.cosine).toBeCloseTo(6 / (3 * Math.sqrt(5)), 12);
  expect(sum.near).toBe(1);
  expect(sum.rec.map((value) => Number(value.toFixed(6)))).toEqual([0.8, 2, 1.8]);
  expect(sum.distance).toBeCloseTo(0.2 * Math.SQRT2, 12);
});

it('leaves everything without refinement, and weighs both branches by lambda', () => {
  const sum = gridSum({ vectors }, { fusion: { kind: 'lambda', value: 0.5 } }, false, 0.8)!;
  expect(sum.pre).toEqual([1.5, 1, -1]);
  expect(sum.similarity).toBe(0);
  expect(sum.rec).toEqual(sum.pre);
  expect(sum.distance).toBe(sum.preDistance);
});

it('takes a single branch as it is, and none for no sum', () => {
  const normal = gridSum({ vectors: { ...vectors, abnormal: null } }, { fusion: null }, true, 1)!;
  expect(normal).toMatchObject({ added: null, pre: [1, 2, 0], distance: 0 });
  expect(gridSum({ vectors: { ...vectors, normal: null } }, { fusion: null }, true, 1)).toBeNull();
});

it('draws many channels as fewer bars', () => {
  const { bars, each } = binned(Array.from({ length: 1536 }, (_, i) => i), 64); // prettier-ignore
  expect([bars.length, each]).toEqual([64, 24]);
  expect(bars[0]).toBe(11.5);
  expect(binned([3, 1], 64)).toEqual({ bars: [3, 1], each: 1 });
});
