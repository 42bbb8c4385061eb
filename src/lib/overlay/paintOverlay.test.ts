import { describe, expect, it } from 'vitest';
import { colormap } from './colormaps';
import { paintOverlay, type OverlayRequest } from './paintOverlay';

const RAMP: OverlayRequest = {
  map: new Float32Array([0, 1, 0, 1]),
  width: 2,
  height: 2,
  outWidth: 9,
  outHeight: 5,
  range: [0, 1],
  lut: colormap('viridis'),
  opacity: 0.5,
  threshold: null,
};

function pixel(pixels: Uint8ClampedArray, x: number, y: number, width = RAMP.outWidth): number[] {
  return [...pixels.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
}

const entry = (index: number): number[] => [...colormap('viridis').subarray(4 * index, 4 * index + 3)];

describe('paintOverlay', () => {
  it('puts the range’s ends on the first and last column: align_corners', () => {
    const pixels = paintOverlay(RAMP);
    expect(pixel(pixels, 0, 0)).toEqual([...entry(0), 128]);
    expect(pixel(pixels, 8, 4)).toEqual([...entry(255), 128]);
  });

  it('clamps values beyond the range', () => {
    const pixels = paintOverlay({ ...RAMP, range: [0.4, 0.6] });
    expect(pixel(pixels, 2, 2)).toEqual([...entry(0), 128]);
    expect(pixel(pixels, 6, 2)).toEqual([...entry(255), 128]);
  });

  it('draws a flat map with an empty range in the lowest colour', () => {
    const pixels = paintOverlay({ ...RAMP, map: new Float32Array(4).fill(2), range: [2, 2] });
    expect(pixel(pixels, 4, 2)).toEqual([...entry(0), 128]);
  });

  it('draws the contour as a white line on a dark one, where the threshold is', () => {
    const pixels = paintOverlay({ ...RAMP, opacity: 0, threshold: 0.5 });
    expect(pixel(pixels, 4, 2)).toEqual([255, 255, 255, 255]);
    expect(pixel(pixels, 0, 2)).toEqual([0, 0, 0, 0]);
    const [red, , , alpha] = pixel(pixels, 5, 2);
    expect(red).toBeLessThan(255);
    expect(alpha).toBeGreaterThan(100);
  });

  it('gives the contour its width whatever the slope', () => {
    const coverage = (outWidth: number): number => {
      const pixels = paintOverlay({ ...RAMP, opacity: 0, threshold: 0.5, outWidth, outHeight: 1 });
      let sum = 0;
      // White premultiplied by alpha: the line without its casing.
      for (let x = 0; x < outWidth; x++) sum += (pixels[4 * x]! * pixels[4 * x + 3]!) / 255 / 255;
      return sum;
    };
    for (const width of [21, 64, 301]) expect(coverage(width)).toBeCloseTo(1.5, 1);
  });

  it('draws no contour on a plateau, not even at the threshold itself', () => {
    const pixels = paintOverlay({ ...RAMP, map: new Float32Array(4).fill(2), threshold: 2, opacity: 0 });
    expect(pixels.every((byte) => byte === 0)).toBe(true);
  });

  it('makes low values more transparent only when asked', () => {
    const faded = paintOverlay({ ...RAMP, fade: 1 });
    expect(pixel(faded, 0, 2)[3]).toBe(0);
    expect(pixel(faded, 4, 2)[3]).toBe(64);
    expect(pixel(faded, 8, 2)[3]).toBe(128);
  });

  it('paints a single sample everywhere', () => {
    const pixels = paintOverlay({ ...RAMP, map: new Float32Array([1]), width: 1, height: 1, outWidth: 1 });
    expect(pixel(pixels, 0, 4, 1)).toEqual([...entry(255), 128]);
  });
});
