// The cells a brush stroke touches between two pointer positions: fast strokes must leave no gaps.
import type { Point } from './zoom';

/** Cells (row * width + column) on the line between two places given in fractions of the image. */
export function cellsBetween(from: Point, to: Point, width: number, height: number): number[] {
  const [x0, y0, x1, y1] = [from.x * width, from.y * height, to.x * width, to.y * height];
  const steps = Math.max(1, Math.ceil(2 * Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
  const cells = new Set<number>();
  for (let i = 0; i <= steps; i++) {
    const x = Math.floor(x0 + ((x1 - x0) * i) / steps);
    const y = Math.floor(y0 + ((y1 - y0) * i) / steps);
    if (x >= 0 && x < width && y >= 0 && y < height) cells.add(y * width + x);
  }
  return [...cells];
}
