// The masks M of Feature Block Paste: (2B + 1) x (2B + 1) outlines, and their place on the feature map. Training
// (fbp.ts) and the live block on screen share them. Arrays on the CPU; pasting is src/lib/kernels/maps/pasteBlock.ts.
import { Random } from '../../nn/random';

/** A block's outline: 0 or 1 per cell, row-major, `side` = 2B + 1 cells a side. */
export interface BlockMask {
  side: number;
  cells: Uint8Array;
}

export type BlockShape = 'walk' | 'disc' | 'square' | 'line' | 'brush';

/** A block put on the map by hand. */
export interface PlacedBlock {
  shape: BlockShape;
  /** B, the half width: the block spans 2B + 1 cells of the feature map. */
  size: number;
  /** Centre, in cells from the left and from the top. */
  x: number;
  y: number;
  /** Which random walk, or the angle of the line. */
  seed: number;
  /** Length N of the random walk. */
  steps: number;
  /** Degrees clockwise about its middle; absent: not turned. */
  angle?: number;
  /** Cells (row * width + column) of the free brush; outside the map they are skipped. */
  cells?: readonly number[];
}

/** A random walk: the paper's steps of dx, dy in {-1, 0, 1} ('eight'), or the public code's four directions. */
export interface Walk {
  steps: number;
  neighbours: 'four' | 'eight';
}

/** The walk from the centre (B, B), marking what it visits; outside the block nothing is marked. */
export function walkMask(size: number, { steps, neighbours }: Walk, random: Random): BlockMask {
  const mask = emptyMask(size);
  const step = neighbours === 'eight' ? eightNeighbours : fourNeighbours;
  let x = size;
  let y = size;
  mark(mask, x, y);
  for (let i = 0; i < steps; i++) {
    const [dx, dy] = step(random);
    x += dx;
    y += dy;
    mark(mask, x, y);
  }
  return mask;
}

/** All cells whose centres lie within B + 1/2 of the middle. */
export function discMask(size: number): BlockMask {
  return fillMask(size, (dx, dy) => Math.hypot(dx, dy) <= size + 0.5);
}

/** The whole (2B + 1) x (2B + 1) block. */
export function squareMask(size: number): BlockMask {
  return fillMask(size, () => true);
}

/** A line one cell wide through the middle, `angle` in radians from the x axis. */
export function lineMask(size: number, angle: number): BlockMask {
  const mask = emptyMask(size);
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const longer = Math.max(Math.abs(dx), Math.abs(dy));
  // One sample per cell of the longer axis leaves no gap.
  for (let at = -size; at <= size; at++) {
    mark(mask, size + Math.round((at * dx) / longer), size + Math.round((at * dy) / longer));
  }
  return mask;
}

/**
 * Puts a block's outline on a map, its middle at (x, y); what falls outside is cut off.
 * @returns height * width bytes, 0 or 1, row-major.
 */
export function placeMask(mask: BlockMask, x: number, y: number, height: number, width: number): Uint8Array {
  const map = new Uint8Array(height * width);
  const half = (mask.side - 1) / 2;
  mask.cells.forEach((cell, i) => {
    const row = y - half + Math.floor(i / mask.side);
    const column = x - half + (i % mask.side);
    if (cell && row >= 0 && row < height && column >= 0 && column < width) map[row * width + column] = 1;
  });
  return map;
}

/** The mask of a block put on the map by hand: height * width bytes, 0 or 1, row-major. */
export function blockMask(block: PlacedBlock, height: number, width: number): Uint8Array {
  if (block.shape === 'brush') return brushMask(block.cells ?? [], height, width);
  return placeMask(outline(block.shape, block), Math.round(block.x), Math.round(block.y), height, width);
}

function outline(
  shape: Exclude<BlockShape, 'brush'>,
  { size, seed, steps, angle = 0 }: PlacedBlock,
): BlockMask {
  switch (shape) {
    case 'walk':
      return turnMask(walkMask(size, { steps, neighbours: 'eight' }, Random.stream(seed, 'walk')), angle);
    case 'disc':
      return discMask(size);
    case 'square':
      return turnMask(squareMask(size), angle);
    case 'line':
      // Drawn at its angle: a turned picture of a line has gaps.
      return lineMask(size, Random.stream(seed, 'line').between(0, Math.PI) + radians(angle));
  }
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/**
 * The outline turned about its middle: each cell takes what lies where it came from. Corners may leave the old square, so
 * that the new one is large enough for all of them.
 * @param angle degrees, clockwise as rows run down
 */
export function turnMask(mask: BlockMask, angle: number): BlockMask {
  if (angle % 360 === 0) return mask;
  const half = (mask.side - 1) / 2;
  const quarter = angle % 90 === 0;
  const reach = quarter ? half : Math.ceil(half * Math.SQRT2);
  const turned = emptyMask(reach);
  const [cos, sin] = [Math.cos(radians(angle)), Math.sin(radians(angle))];
  turned.cells.forEach((_, i) => {
    const [dx, dy] = [(i % turned.side) - reach, Math.floor(i / turned.side) - reach];
    const column = half + Math.round(cos * dx + sin * dy);
    const row = half + Math.round(cos * dy - sin * dx);
    const inside = column >= 0 && column < mask.side && row >= 0 && row < mask.side;
    if (inside && mask.cells[row * mask.side + column]) turned.cells[i] = 1;
  });
  return turned;
}

function brushMask(cells: readonly number[], height: number, width: number): Uint8Array {
  const map = new Uint8Array(height * width);
  for (const cell of cells) if (cell >= 0 && cell < map.length) map[cell] = 1;
  return map;
}

function emptyMask(size: number): BlockMask {
  const side = 2 * size + 1;
  return { side, cells: new Uint8Array(side * side) };
}

function fillMask(size: number, inside: (dx: number, dy: number) => boolean): BlockMask {
  const { side, cells } = emptyMask(size);
  return { side, cells: cells.map((_, i) => Number(inside((i % side) - size, Math.floor(i / side) - size))) };
}

function mark({ side, cells }: BlockMask, x: number, y: number): void {
  if (x >= 0 && x < side && y >= 0 && y < side) cells[y * side + x] = 1;
}

const eightNeighbours = (random: Random): [number, number] => [random.int(-1, 1), random.int(-1, 1)];

function fourNeighbours(random: Random): [number, number] {
  const sign = random.coin() ? 1 : -1;
  return random.coin() ? [sign, 0] : [0, sign];
}
