// Pixels of the inside view's pictures: bytes and numbers onto a canvas, a place a pixel; the style sheet enlarges them.
import type { FeaturePicture, MapData } from '../../engine/api/types';

/** How much of each place is seen, 0 to 1; the rest lets the ground through. */
export type Alpha = (place: number) => number;

const OPAQUE: Alpha = () => 1;

/** Draws feature colours. */
export function drawPicture(canvas: HTMLCanvasElement, picture: FeaturePicture, alpha: Alpha = OPAQUE): void {
  const { width, height, rgb } = picture;
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    pixels.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
    pixels[4 * i + 3] = 255 * alpha(i);
  }
  put(canvas, pixels, width, height);
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
