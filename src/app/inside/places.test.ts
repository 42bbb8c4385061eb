import { expect, it } from 'vitest';
import { initialState } from '../shell/appState';
import { onSize, pixelAt, placeOf, shownCells, strangest } from './places';

it('opens at the largest value of the map, which may be coarser than the pixels', () => {
  const map = { width: 2, height: 2, values: Float32Array.from([1, 2, 5, 3]) };
  expect(strangest({ width: 4, height: 4, map })).toBe(3 * 4 + 1);
  expect(strangest({ width: 3, height: 3, map: null })).toBe(4);
});

it('goes from one size to another and back', () => {
  expect(onSize(5, { width: 4, height: 4 }, { width: 2, height: 2 })).toBe(0);
  expect(onSize(3, { width: 2, height: 2 }, { width: 4, height: 4 })).toBe(15);
});

it('finds the pixel under a place of the image, and the middle of a pixel on it', () => {
  const state = initialState();
  const seen = { width: 16, height: 16, part: 0 };
  expect(pixelAt(state, seen, { x: 0.99, y: 0.01 })).toBe(15);
  for (const pixel of [0, 17, 255]) expect(pixelAt(state, seen, placeOf(state, seen, pixel))).toBe(pixel);
});

it('shows small tables whole, and of large ones the square that is read', () => {
  expect(shownCells(new Float32Array(64), 8)).toEqual({ left: 0, top: 0, size: 8 });
  const read = new Float32Array(64 * 64);
  read[13 * 64 + 22] = read[27 * 64 + 30] = 1;
  expect(shownCells(read, 64)).toEqual({ left: 20, top: 12, size: 16 });
  read.fill(0)[63 * 64 + 63] = 1;
  expect(shownCells(read, 64)).toEqual({ left: 52, top: 52, size: 12 });
});
