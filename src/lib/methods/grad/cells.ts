// Which cells of a table a point samples, and how much of each: bilinear, align_corners=false, zero padding, as the grids
// are read (grids.ts). Arrays and plain arithmetic, so that the page can draw it without waiting for the worker.

/** A cell of an R x R table and its bilinear weight. */
export interface SampledCell {
  row: number;
  column: number;
  /** In (0, 1]. */
  weight: number;
}

/** Where a coordinate in (-1, 1) falls, in cells from the table's border: cell i covers i to i + 1. */
export const inCells = (coordinate: number, side: number): number => ((coordinate + 1) / 2) * side;

/**
 * The cells that a point samples: four in the middle of the table, fewer at its border, where the rest reads zero.
 * @param x, @param y in (-1, 1), from the left and from the top
 * @param side R, cells per side
 */
export function sampledCells(x: number, y: number, side: number): SampledCell[] {
  const cells: SampledCell[] = [];
  const [left, top] = [inCells(x, side) - 0.5, inCells(y, side) - 0.5];
  for (const row of [Math.floor(top), Math.floor(top) + 1]) {
    for (const column of [Math.floor(left), Math.floor(left) + 1]) {
      const weight = (1 - Math.abs(top - row)) * (1 - Math.abs(left - column));
      const inside = row >= 0 && row < side && column >= 0 && column < side;
      if (inside && weight > 0) cells.push({ row, column, weight });
    }
  }
  return cells;
}

/**
 * How much of all points each cell gives: the sum of its weights.
 * @param points x and y in turn
 * @returns [R * R], row by row
 */
export function occupancy(points: ArrayLike<number>, side: number): Float32Array {
  const sums = new Float32Array(side * side);
  for (let i = 0; i + 1 < points.length; i += 2) {
    for (const { row, column, weight } of sampledCells(points[i]!, points[i + 1]!, side))
      sums[row * side + column]! += weight;
  }
  return sums;
}

/** With what weight each point reads one cell; 0 where it does not. */
export function readersOf(points: ArrayLike<number>, side: number, cell: number): Float32Array {
  const weights = new Float32Array(Math.floor(points.length / 2));
  for (let i = 0; i < weights.length; i++) {
    for (const { row, column, weight } of sampledCells(points[2 * i]!, points[2 * i + 1]!, side))
      if (row * side + column === cell) weights[i] = weight;
  }
  return weights;
}
