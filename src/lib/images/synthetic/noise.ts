// Perlin's gradient noise (Perlin 1985, with the smoother fade of 2002) on a plane, as DRAEM takes the outlines of its
// anomalies from. Plain numbers; the outlines themselves are cut in perlin.ts.
import type { Draws } from './drawing';

/** Noise in about -1..1 at u, v in [0, 1]. */
export type Noise = (u: number, v: number) => number;

/** @param columns, @param rows cells of the lattice along u and v */
export function perlinNoise(columns: number, rows: number, draws: Draws): Noise {
  const angles = Array.from({ length: (columns + 1) * (rows + 1) }, () => draws.between(0, 2 * Math.PI));
  /** What the gradient at a lattice point says at a place (dx, dy) from it. */
  const slope = (column: number, row: number, dx: number, dy: number) => {
    const angle = angles[row * (columns + 1) + column]!;
    return Math.cos(angle) * dx + Math.sin(angle) * dy;
  };
  return (u, v) => {
    const [column, x] = cellOf(u, columns);
    const [row, y] = cellOf(v, rows);
    const [right, down] = [fade(x), fade(y)];
    const top = mix(slope(column, row, x, y), slope(column + 1, row, x - 1, y), right);
    const bottom = mix(slope(column, row + 1, x, y - 1), slope(column + 1, row + 1, x - 1, y - 1), right);
    // A gradient of length 1 reaches sqrt(1/2) at most, in the middle of a cell.
    return Math.SQRT2 * mix(top, bottom, down);
  };
}

/** The cell that a place in [0, 1] falls in, and how far into it. */
function cellOf(place: number, cells: number): [number, number] {
  const scaled = place * cells;
  const cell = Math.min(cells - 1, Math.floor(scaled));
  return [cell, scaled - cell];
}

const fade = (t: number): number => t * t * t * (t * (6 * t - 15) + 10);
const mix = (a: number, b: number, share: number): number => a + share * (b - a);
