// Feature Block Paste while training: draws a mask and an intensity for every image of a batch. The paste itself
// is src/lib/kernels/maps/pasteBlock.ts; outlines come from blocks.ts.
import { placeMask, walkMask, type BlockMask } from './blocks';
import type { FbpRecipe } from './options';
import type { Random } from '../../nn/random';

/** Blocks of one batch, ready to be uploaded. */
export interface DrawnBlocks {
  /** batch * height * width values, 0 or 1: a tensor's data. */
  mask: Float32Array;
  /** I per image in feature units. */
  intensity: Float32Array;
}

export interface FbpRanges {
  recipe: FbpRecipe;
  /** Range of I in sigma, and sigma itself in feature units. */
  intensity: readonly [number, number];
  sigma: number;
}

/** The public settings' largest B, on their 32-cell map; other maps scale it. */
const LARGEST_BLOCK = { size: 14, map: 32 } as const;
/** The public settings' walk. */
const PUBLIC_WALK = { steps: 100, neighbours: 'four' } as const;

/** Largest half width B on a map of this height: floor(14 * H / 32). */
export const largestBlock = (height: number): number =>
  Math.floor((LARGEST_BLOCK.size * height) / LARGEST_BLOCK.map);

/**
 * Draws the blocks of a batch: B uniform in {0 .. floor(14 H / 32)}, I and P uniform. Per image: the paper's walk
 * (N in [B, 2B], eight neighbours); per batch: the public settings' one block for all (100 steps, four).
 */
export function drawBlocks(
  random: Random,
  { recipe, intensity, sigma }: FbpRanges,
  batch: number,
  height: number,
  width: number,
): DrawnBlocks {
  const cells = height * width;
  const drawn = { mask: new Float32Array(batch * cells), intensity: new Float32Array(batch) };
  let block: { mask: Uint8Array; intensity: number } | null = null;
  for (let i = 0; i < batch; i++) {
    if (recipe === 'per-image' || !block) {
      const mask = drawMask(random, recipe, height, width);
      block = { mask, intensity: random.between(...intensity) * sigma };
    }
    drawn.mask.set(block.mask, i * cells);
    drawn.intensity[i] = block.intensity;
  }
  return drawn;
}

function drawMask(random: Random, recipe: FbpRecipe, height: number, width: number): Uint8Array {
  const size = random.int(0, largestBlock(Math.min(height, width)));
  const mask = drawOutline(random, recipe, size);
  return placeMask(mask, drawCentre(random, size, width), drawCentre(random, size, height), height, width);
}

function drawOutline(random: Random, recipe: FbpRecipe, size: number): BlockMask {
  if (recipe === 'per-batch') return walkMask(size, PUBLIC_WALK, random);
  return walkMask(size, { steps: random.int(size, 2 * size), neighbours: 'eight' }, random);
}

/** A centre at which the block fits: at least B cells from both borders. */
function drawCentre(random: Random, size: number, extent: number): number {
  return random.int(size, extent - 1 - size);
}
