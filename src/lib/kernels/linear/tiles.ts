// The tiles by which a matrix product may be cut (shaders/shared/tiles.wgsl), and which one a product takes.

/** Numbers to fill into the shader; threads and workgroup memory keep to 256 and 16 KiB. */
type Tile = Record<'ROW_QUADS' | 'COLUMN_QUADS' | 'DOWN' | 'ACROSS' | 'DEPTH', number>;

const tile = (
  ROW_QUADS: number,
  COLUMN_QUADS: number,
  DOWN: number,
  ACROSS: number,
  DEPTH: number,
): Tile => ({
  ROW_QUADS,
  COLUMN_QUADS,
  DOWN,
  ACROSS,
  DEPTH,
});

/** Rows x columns x places of a step; 8 x 8 results a thread where both are 64 or more, else 8 x 4. */
export const TILES = {
  '128x64x16': tile(2, 2, 16, 8, 16),
  '64x128x16': tile(2, 2, 8, 16, 16),
  '64x64x16': tile(2, 2, 8, 8, 16),
  '128x32x16': tile(2, 1, 16, 8, 16),
  '64x32x16': tile(2, 1, 8, 8, 16),
  '128x16x8': tile(2, 1, 16, 4, 8),
} as const satisfies Record<string, Tile>;

export type TileName = keyof typeof TILES;

export const TILE_NAMES = Object.keys(TILES) as TileName[];

/** A tile, and into how many slices the inner sum is cut. Another choice rounds differently; each repeats its bits. */
export interface Tiling {
  tile: TileName;
  slices: number;
}

/** What a choice depends on. */
export interface ProductShape {
  rows: number;
  columns: number;
  taps: number;
  inner: number;
}

/** A step costs as much half empty: below this share of use the shaders without workgroup memory are kept. */
const LEAST_USE = 0.4;
const FEWEST_ROWS = 16;
/** Workgroups that fill a large GPU. */
const ENOUGH_GROUPS = 512;
/** Steps of a slice, and slices, within which a cut pays for writing and adding partial results. */
const FEWEST_STEPS = 32;
const MOST_SLICES = 16;

/**
 * The choice for a GPU that nothing was measured on; null where tiles would mostly be empty.
 *
 * | columns | tile |
 * | --- | --- |
 * | up to 16 | 128x16x8 |
 * | up to 32 | 128x32x16; 64x32x16 where few rows |
 * | more | 128x64x16 where that makes 512 workgroups, else 64x64x16 |
 *
 * The inner sum is cut until there are 512 workgroups, into slices of 32 steps or more.
 */
export function defaultTiling(shape: ProductShape): Tiling | null {
  const name = defaultTile(shape);
  if (shape.rows < FEWEST_ROWS || shareUsed(shape, name) < LEAST_USE) return null;
  const slices = Math.min(
    Math.ceil(ENOUGH_GROUPS / groupsOf(shape, name)),
    Math.floor(stepsOf(shape, name) / FEWEST_STEPS),
    MOST_SLICES,
  );
  return { tile: name, slices: Math.max(1, slices) };
}

function defaultTile(shape: ProductShape): TileName {
  if (shape.columns <= 16) return '128x16x8';
  if (shape.columns <= 32) return groupsOf(shape, '128x32x16') >= ENOUGH_GROUPS ? '128x32x16' : '64x32x16';
  return groupsOf(shape, '128x64x16') >= ENOUGH_GROUPS ? '128x64x16' : '64x64x16';
}

/** Rows and columns of a workgroup's results. */
export function tileSides(name: TileName): [rows: number, columns: number] {
  const { ROW_QUADS, COLUMN_QUADS, DOWN, ACROSS } = TILES[name];
  return [4 * ROW_QUADS * DOWN, 4 * COLUMN_QUADS * ACROSS];
}

function groupsOf({ rows, columns }: ProductShape, name: TileName): number {
  const [high, wide] = tileSides(name);
  return Math.ceil(rows / high) * Math.ceil(columns / wide);
}

/** Steps of the inner sum; none spans two taps. */
export function stepsOf({ taps, inner }: ProductShape, name: TileName): number {
  return taps * Math.ceil(inner / TILES[name].DEPTH);
}

/** The share of the multiplications that count. */
function shareUsed(shape: ProductShape, name: TileName): number {
  const { rows, columns, taps, inner } = shape;
  const [high, wide] = tileSides(name);
  const done = groupsOf(shape, name) * high * wide * stepsOf(shape, name) * TILES[name].DEPTH;
  return (rows * columns * taps * inner) / done;
}
