// Pixels of the inside view's pictures: bytes and numbers onto a canvas, a place a pixel; the style sheet enlarges them.
import type { FeaturePicture, MapData } from '../../engine/api/types';
import type { Window } from './places';

/** How much of each place is seen, 0 to 1; the rest lets the ground through. */
export type Alpha = (place: number) => number;

const OPAQUE: Alpha = () => 1;

/** Draws feature colours; `window`: a square part of them alone. */
export function drawPicture(
  canvas: HTMLCanvasElement,
  { width, height, rgb }: FeaturePicture,
  alpha: Alpha = OPAQUE,
  window: Window | null = null,
): void {
  const { left, top } = window ?? { left: 0, top: 0 };
  const [columns, rows] = window ? [window.size, window.size] : [width, height];
  const pixels = new Uint8ClampedArray(4 * columns * rows);
  for (let i = 0; i < columns * rows; i++) {
    const place = (top + Math.floor(i / columns)) * width + left + (i % columns);
    pixels.set(rgb.subarray(3 * place, 3 * place + 3), 4 * i);
    pixels[4 * i + 3] = 255 * alpha(place);
  }
  put(canvas, pixels, columns, rows);
}

/** Draws numbers by a colour table of 256 entries. */
export function drawNumbers(
  canvas: HTMLCanvasElement,
  { width, height, values }: MapData,
  { table, range: [low, high] }: { table: Uint8Array; range: readonly [number, number] },
  alpha: Alpha = OPAQUE,
): void {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const share = (values[i]! - low) / (high - low || 1);
    const entry = 4 * Math.min(255, Math.max(0, Math.floor(256 * share)));
    pixels.set(table.subarray(entry, entry + 3), 4 * i);
    pixels[4 * i + 3] = 255 * alpha(i);
  }
  put(canvas, pixels, width, height);
}

function put(
  canvas: HTMLCanvasElement,
  pixels: Uint8ClampedArray<ArrayBuffer>,
  width: number,
  height: number,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.getContext('2d')!.putImageData(new ImageData(pixels, width, height), 0, 0);
}
