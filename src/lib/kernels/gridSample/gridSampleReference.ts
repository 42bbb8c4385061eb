// Grid sampling and its two gradients in plain loops: the numeric reference for the shaders, and what runs on the
// cpu backend. Written to be read beside torch's grid_sample, not to be fast.

/** Sizes of one call: a table of side x side rows of `channels` values. */
export interface GridSizes {
  side: number;
  channels: number;
}

/** One of the four cells around a point. */
interface Corner {
  /** Number of the cell's row in the table. */
  cell: number;
  weight: number;
  /** Derivatives of the weight with respect to the coordinates. */
  dx: number;
  dy: number;
}

/**
 * The cells that a point touches: torch's convention for align_corners = false, in which -1 and 1 are the outer
 * edges of the table. Cells beyond the table are left out: zero padding.
 */
function* cornersOf(x: number, y: number, side: number): Generator<Corner> {
  const [column, row] = [((x + 1) * side - 1) / 2, ((y + 1) * side - 1) / 2];
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [u, v] = [column - left, row - top];
  for (const down of [0, 1]) {
    for (const across of [0, 1]) {
      const [cellX, cellY] = [left + across, top + down];
      if (cellX < 0 || cellY < 0 || cellX >= side || cellY >= side) continue;
      const [wx, wy] = [across ? u : 1 - u, down ? v : 1 - v];
      const [signX, signY] = [across ? 1 : -1, down ? 1 : -1];
      const perUnit = side / 2;
      yield {
        cell: cellY * side + cellX,
        weight: wx * wy,
        dx: signX * wy * perUnit,
        dy: signY * wx * perUnit,
      };
    }
  }
}

/** Calls `visit` for every point and every cell it touches. */
function eachTouch(coords: Float32Array, side: number, visit: (point: number, corner: Corner) => void): void {
  for (let point = 0; point < coords.length / 2; point++) {
    for (const corner of cornersOf(coords[2 * point]!, coords[2 * point + 1]!, side)) visit(point, corner);
  }
}

/** sampled[n, k] += weight * table[cell, k] */
export function sampleGrid(
  table: Float32Array,
  coords: Float32Array,
  { side, channels }: GridSizes,
  sampled: Float32Array,
): void {
  eachTouch(coords, side, (point, { cell, weight }) => {
    for (let k = 0; k < channels; k++) sampled[point * channels + k]! += weight * table[cell * channels + k]!;
  });
}

/** gradient[cell, k] += weight * dy[n, k] */
export function sampleGridTableGradient(
  coords: Float32Array,
  dy: Float32Array,
  { side, channels }: GridSizes,
  gradient: Float32Array,
): void {
  eachTouch(coords, side, (point, { cell, weight }) => {
    for (let k = 0; k < channels; k++) gradient[cell * channels + k]! += weight * dy[point * channels + k]!;
  });
}

/** gradient[n] += d weight / d (x, y) * (dy[n, :] . table[cell, :]) */
export function sampleGridCoordsGradient(
  table: Float32Array,
  coords: Float32Array,
  dy: Float32Array,
  { side, channels }: GridSizes,
  gradient: Float32Array,
): void {
  eachTouch(coords, side, (point, corner) => {
    let dot = 0;
    for (let k = 0; k < channels; k++) dot += dy[point * channels + k]! * table[corner.cell * channels + k]!;
    gradient[2 * point]! += corner.dx * dot;
    gradient[2 * point + 1]! += corner.dy * dot;
  });
}
