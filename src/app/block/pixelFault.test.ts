// Faults in the pixels, and the dot on the small chart: arithmetic alone.
import { describe, expect, it } from 'vitest';
import { placeOnChart } from './chart';
import { drawFault, FAULTS, type Fault } from './pixelFault';

const SIDE = 64;
const grey = () => new Uint8ClampedArray(4 * SIDE * SIDE).fill(128);
const fault = (part: Partial<Fault>): Fault => ({
  kind: 'scratch',
  x: 0.5,
  y: 0.5,
  reach: 0.2,
  strength: 1,
  seed: 7,
  ...part,
});

/** Pixels that are not as they were, as [column, row]. */
function changed(pixels: Uint8ClampedArray): [number, number][] {
  const places: [number, number][] = [];
  for (let i = 0; i < SIDE * SIDE; i++)
    if (pixels[4 * i] !== 128) places.push([i % SIDE, Math.floor(i / SIDE)]);
  return places;
}

describe.each(FAULTS)('a %s', (kind) => {
  it('lies where it is put, no larger than it is to be, and leaves alpha alone', () => {
    const pixels = grey();
    drawFault(pixels, SIDE, SIDE, fault({ kind }));
    const places = changed(pixels);
    expect(places.length).toBeGreaterThan(3);
    expect(places.every(([x, y]) => Math.hypot(x - 32, y - 32) <= 0.2 * SIDE + 9)).toBe(true);
    expect(pixels.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 128)).toBe(true);
  });

  it('is the same for the same seed, nothing without strength, and cut at the edge', () => {
    const [a, b, none] = [grey(), grey(), grey()];
    drawFault(a, SIDE, SIDE, fault({ kind, x: 0, y: 1 }));
    drawFault(b, SIDE, SIDE, fault({ kind, x: 0, y: 1 }));
    drawFault(none, SIDE, SIDE, fault({ kind, strength: 0 }));
    expect(a).toEqual(b);
    expect(changed(none)).toEqual([]);
  });
});

describe('the block on the chart', () => {
  const [sizes, intensities] = [
    [0, 1, 3],
    [4, 1, 0.25],
  ];

  it('lies in its cell, and between two by what lies between them', () => {
    expect(placeOnChart(sizes, intensities, { size: 0, intensity: 4 })).toEqual({ x: 0.5 / 3, y: 0.5 / 3 });
    const { x, y } = placeOnChart(sizes, intensities, { size: 2, intensity: -0.5 });
    expect(x).toBeCloseTo(2 / 3);
    expect(y).toBeCloseTo(2 / 3);
  });

  it('stays on the chart', () => {
    expect(placeOnChart(sizes, intensities, { size: 14, intensity: 0 })).toEqual({ x: 2.5 / 3, y: 2.5 / 3 });
    expect(placeOnChart(sizes, intensities, { size: 0, intensity: 50 }).y).toBeCloseTo(0.5 / 3);
    expect(placeOnChart([], [], { size: 1, intensity: 1 })).toEqual({ x: 0.5, y: 0.5 });
  });
});
