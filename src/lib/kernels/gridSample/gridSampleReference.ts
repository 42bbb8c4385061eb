// Grid sampling and its two gradients in plain loops: the numeric reference for the shaders, and what runs on the
// processor. Written to be read beside torch's grid_sample.

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
 * The cells that a point touches, up to four, written into `corners`: torch's convention for align_corners = false, in which
 * -1 and 1 are the outer edges of the table. Cells beyond the table are left out: zero padding. @returns how many there are
 */
function cornersOf(x: number, y: number, side: number, corners: readonly Corner[]): number {
  const column = ((x + 1) * side - 1) / 2;
  const row = ((y + 1) * side - 1) / 2;
  const left = Math.floor(column);
  const top = Math.floor(row);
  const u = column - left;
  const v = row - top;
  const perUnit = side / 2;
  let count = 0;
  for (let down = 0; down < 2; down++) {
    for (let across = 0; across < 2; across++) {
      const cellX = left + across;
      const cellY = top + down;
      if (cellX < 0 || cellY < 0 || cellX >= side || cellY >= side) continue;
      const wx = across ? u : 1 - u;
      const wy = down ? v : 1 - v;
      const corner = corners[count++]!;
      corner.cell = cellY * side + cellX;
      corner.weight = wx * wy;
      corner.dx = (across ? 1 : -1) * wy * perUnit;
      corner.dy = (down ? 1 : -1) * wx * perUnit;
    }
  }
  return count;
}

/** Room for the corners of one point: a training step visits tens of thousands, too many for objects of their own. */
const fourCorners = (): Corner[] =>
  Array.from({ length: 4 }, () => ({ cell: 0, weight: 0.5, dx: 0.5, dy: 0.5 }));

/** sampled[n, k] += weight * table[cell, k] */
export function sampleGrid(
  table: Float32Array,
  coords: Float32Array,
  { side, channels }: GridSizes,
  sampled: Float32Array,
): void {
  const corners = fourCorners();
  for (let point = 0; point < coords.length / 2; point++) {
    const count = cornersOf(coords[2 * point]!, coords[2 * point + 1]!, side, corners);
    for (let corner = 0; corner < count; corner++) {
      const { cell, weight } = corners[corner]!;
      const [to, from] = [point * channels, cell * channels];
      for (let k = 0; k < channels; k++) sampled[to + k]! += weight * table[from + k]!;
    }
  }
}

/** gradient[cell, k] += weight * dy[n, k] */
export function sampleGridTableGradient(
  coords: Float32Array,
  dy: Float32Array,
  { side, channels }: GridSizes,
  gradient: Float32Array,
): void {
  const corners = fourCorners();
  for (let point = 0; point < coords.length / 2; point++) {
    const count = cornersOf(coords[2 * point]!, coords[2 * point + 1]!, side, corners);
    for (let corner = 0; corner < count; corner++) {
      const { cell, weight } = corners[corner]!;
      const [to, from] = [cell * channels, point * channels];
      for (let k = 0; k < channels; k++) gradient[to + k]! += weight * dy[from + k]!;
    }
  }
}

/** gradient[n] += d weight / d (x, y) * (dy[n, :] . table[cell, :]) */
export function sampleGridCoordsGradient(
  table: Float32Array,
  coords: Float32Array,
  dy: Float32Array,
  { side, channels }: GridSizes,
  gradient: Float32Array,
): void {
  const corners = fourCorners();
  for (let point = 0; point < coords.length / 2; point++) {
    const count = cornersOf(coords[2 * point]!, coords[2 * point + 1]!, side, corners);
    for (let corner = 0; corner < count; corner++) {
      const { cell, dx, dy: slope } = corners[corner]!;
      const [at, row] = [point * channels, cell * channels];
      let dot = 0;
      for (let k = 0; k < channels; k++) dot += dy[at + k]! * table[row + k]!;
      gradient[2 * point]! += dx * dot;
      gradient[2 * point + 1]! += slope * dot;
    }
  }
}
