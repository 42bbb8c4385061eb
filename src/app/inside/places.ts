// Places in the inside view: pixels of the feature map, on the image and on maps of other sizes.
import { cellsAlong, cutOf } from '../../lib/framing';
import type { Inside } from '../../engine/api/types';
import { framingOf } from '../../settings/framing';
import type { AppState } from '../shell/appState';
import { selectedImage } from '../shell/selectors';
import { cellsOf } from '../stage/cells';

type Size = Pick<Inside, 'width' | 'height'>;

/** The pixel (row * width + column) at which the map is largest; the middle while there is no map. */
export function strangest({ width, height, map }: Size & Pick<Inside, 'map'>): number {
  if (!map) return Math.floor(height / 2) * width + Math.floor(width / 2);
  const at = map.values.reduce((best, value, i) => (value > map.values[best]! ? i : best), 0);
  return onSize(at, map, { width, height });
}

/** A place on one map, on another of the same thing. */
export function onSize(place: number, from: Size, to: Size): number {
  const x = Math.floor((((place % from.width) + 0.5) / from.width) * to.width);
  const y = Math.floor(((Math.floor(place / from.width) + 0.5) / from.height) * to.height);
  return y * to.width + x;
}

/** Where the cells of each part begin, in cells over the whole image, and the image's sides in cells. */
function partsOf(state: AppState, { width, height }: Size) {
  const image = selectedImage(state);
  const { across = width, down = height } = cellsOf(state) ?? {};
  if (state.params.fit === 'squash' || !image || image.width === 0) return { x: [0], y: [0], across, down };
  const { columns, rows } = cutOf(image, framingOf(state.params));
  const [x, y] = [cellsAlong(columns.map, width), cellsAlong(rows.map, height)];
  return { x: x.origins, y: y.origins, across, down };
}

/** The pixel of this part that lies at a place of the image, both in [0, 1); null where the part does not reach. */
export function pixelAt(
  state: AppState,
  { width, height, part }: Size & Pick<Inside, 'part'>,
  { x, y }: { x: number; y: number },
): number | null {
  const parts = partsOf(state, { width, height });
  const column = Math.floor(x * parts.across) - parts.x[part % parts.x.length]!;
  const row = Math.floor(y * parts.down) - (parts.y[Math.floor(part / parts.x.length)] ?? 0);
  return column >= 0 && column < width && row >= 0 && row < height ? row * width + column : null;
}

/** The middle of a pixel on the image, both in [0, 1]. */
export function placeOf(
  state: AppState,
  { width, height, part }: Size & Pick<Inside, 'part'>,
  pixel: number,
): { x: number; y: number } {
  const parts = partsOf(state, { width, height });
  const left = parts.x[part % parts.x.length]!;
  const top = parts.y[Math.floor(part / parts.x.length)] ?? 0;
  const inside = (value: number) => Math.min(0.9999, value);
  return {
    x: inside((left + (pixel % width) + 0.5) / parts.across),
    y: inside((top + Math.floor(pixel / width) + 0.5) / parts.down),
  };
}

/** A square part of a table, in cells. */
export interface Window {
  left: number;
  top: number;
  size: number;
}

/** Tables of up to so many cells a side are drawn whole. */
const WHOLE = 24;
const LEAST = 12;
/** The window moves in such steps, so that it rests while the grids learn. */
const STEP = 4;

/** The part of a large table that the points read, so that its cells can be told apart; of a small one the whole. */
export function shownCells(read: Float32Array, side: number): Window {
  const whole = { left: 0, top: 0, size: side };
  if (side <= WHOLE) return whole;
  let [left, top, right, bottom] = [side, side, 0, 0];
  read.forEach((weight, cell) => {
    if (weight === 0) return;
    const [x, y] = [cell % side, Math.floor(cell / side)];
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
  });
  if (right === 0) return whole;
  const down = (value: number) => Math.floor(value / STEP) * STEP;
  [left, top] = [down(left), down(top)];
  const size = Math.min(side, Math.max(LEAST, Math.ceil(Math.max(right - left, bottom - top) / STEP) * STEP));
  return { left: Math.min(left, side - size), top: Math.min(top, side - size), size };
}
