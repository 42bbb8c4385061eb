import { describe, expect, it } from 'vitest';
import { describeRange, extremesOf, parseRange, rangeOfSet, spreadRange } from './pixelRange';

const grey = (data: Uint16Array | Float32Array) =>
  ({ width: data.length, height: 1, channels: 1, data }) as const;

describe('samples of more than eight bits', () => {
  it('are their upper byte without a range, as other readers cut them', () => {
    const { data } = spreadRange(grey(Uint16Array.from([0, 255, 256, 65535])));
    expect([...data]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 255, 255, 255]);
  });

  it('are spread over a range; what lies outside becomes the nearer end, what is no number 0', () => {
    const values = Float32Array.from([-5, 100, 160, 200, 1e9, NaN]);
    const { data } = spreadRange(grey(values), [100, 200]);
    expect([...data].filter((_, i) => i % 3 === 0)).toEqual([0, 0, 153, 255, 255, 0]);
  });

  it('keep their channels apart', () => {
    const image = { width: 1, height: 1, channels: 3, data: Uint16Array.from([0, 60, 100]) } as const;
    expect([...spreadRange(image, [0, 100]).data]).toEqual([0, 153, 255]);
  });
});

describe('extremesOf', () => {
  it('leaves out single hot and dead pixels', () => {
    const values = new Uint16Array(10_000).map((_, i) => 500 + (i % 100));
    values[17] = 65535;
    values[4711] = 0;
    expect(extremesOf(grey(values))).toEqual([500, 599]);
  });

  it('knows no extremes where nothing is a number', () => {
    expect(extremesOf(grey(Float32Array.from([NaN, Infinity])))).toBeNull();
  });
});

describe('rangeOfSet', () => {
  it('holds every image with room on both sides', () => {
    const [low, high] = rangeOfSet([[500, 600], [480, 640]])!; // prettier-ignore
    expect(low).toBeLessThanOrEqual(470);
    expect(high).toBeGreaterThanOrEqual(650);
    expect(high - low).toBeLessThan(1.3 * 160);
  });

  it.each([[[7, 7]], [[0, 0]], [[-3, -3]]] as [number, number][][])('is never empty (%o)', (pair) => {
    const [low, high] = rangeOfSet([pair])!;
    expect(high).toBeGreaterThan(low);
  });

  it('is written and read without loss', () => {
    for (const range of [
      [0, 4095],
      [-0.125, 1e-7],
      [0.5, 2 ** 40],
    ] as const)
      // prettier-ignore
      expect(parseRange(describeRange(range))).toEqual(range);
  });
});
