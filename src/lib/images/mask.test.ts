import { describe, expect, it } from 'vitest';
import { checkMaskSize, toMask } from './mask';

const size = (width: number, height: number) => ({ width, height });

describe('toMask', () => {
  it('means defect above 127, not at 127', () => {
    const grey = (value: number) => [value, value, value];
    const data = Uint8Array.from([0, 127, 128, 255].flatMap(grey));
    expect([...toMask({ width: 4, height: 1, data }).mask.data]).toEqual([0, 0, 1, 1]);
  });

  it('weighs colours as the eye does', () => {
    const data = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255]);
    expect([...toMask({ width: 3, height: 1, data }).mask.data]).toEqual([0, 1, 0]);
  });
});

describe('checkMaskSize', () => {
  it('is silent when mask and image are the same size', () => {
    expect(checkMaskSize(size(700, 453), size(700, 453))).toBeNull();
  });

  it('notes another size of the same shape', () => {
    expect(checkMaskSize(size(350, 227), size(700, 453))).toMatch(/resized/);
  });

  it('refuses another shape, such as a mask that was not turned with its image', () => {
    expect(() => checkMaskSize(size(453, 700), size(700, 453))).toThrow(/shapes differ/);
  });
});
