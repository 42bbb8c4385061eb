// What the image-level synthetic anomalies share: where their random numbers come from and what they give back.
// Pure functions on pixels; which images they are drawn on, and what learns from them, is not known here.
import type { Mask, RgbImage } from '../image';

/** A seeded generator, as src/lib/nn/random.ts provides it. */
export interface Draws {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A uniform integer in [low, high], both ends included. */
  int(low: number, high: number): number;
  coin(): boolean;
  permutation(count: number): number[];
}

/** A pasted image and the pixels that were changed: at least one, and never all. */
export interface PastedImage {
  image: RgbImage;
  mask: Mask;
}

/** Eight-bit values out of any numbers. */
export const toByte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

/** A copy to draw on, with an empty mask. */
export function blankPaste({ width, height, data }: RgbImage): PastedImage {
  return {
    image: { width, height, data: data.slice() },
    mask: { width, height, data: new Uint8Array(width * height) },
  };
}

/**
 * A mask on the cells of a feature map: 1 where at least half of the pixels under a cell are pasted; where that is
 * nowhere, 1 in the cell with the largest share, so that a small anomaly is not lost.
 * @param height, @param width cells; not more than pixels
 * @returns height * width values, 0 or 1
 */
export function maskOnCells(mask: Mask, height: number, width: number): Float32Array {
  const shares = Array.from({ length: height * width }, (_, cell) =>
    shareOf(mask, Math.floor(cell / width), cell % width, height, width),
  );
  const level = Math.min(0.5, Math.max(...shares));
  return Float32Array.from(shares, (share) => (level > 0 && share >= level ? 1 : 0));
}

function shareOf(mask: Mask, row: number, column: number, height: number, width: number): number {
  const [top, bottom] = [row, row + 1].map((y) => Math.floor((y * mask.height) / height)) as [number, number];
  const [left, right] = [column, column + 1].map((x) => Math.floor((x * mask.width) / width)) as [
    number,
    number,
  ];
  let pasted = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) pasted += mask.data[y * mask.width + x]!;
  }
  return pasted / Math.max(1, (bottom - top) * (right - left));
}
