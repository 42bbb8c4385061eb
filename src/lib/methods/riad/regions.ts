// Which squares of the image RIAD hides: the image cut into squares of one side, dealt at random to disjoint sets
// (paper, section 3.1). Plain arrays; ../riad.ts makes tensors of them.
import type { Random } from '../../nn/random';

/**
 * Deals the squares to `sets` sets, equally many each (but for a remainder).
 * @param size side of the image in pixels; @param side of a square; squares at the border may be cut off
 * @returns per set a mask [size * size]: 1 where its squares are, so that the masks add up to 1 everywhere
 */
export function dealRegions(size: number, side: number, sets: number, random: Random): Float32Array[] {
  const across = Math.ceil(size / side);
  const dealt = random.permutation(across * across);
  const masks = Array.from({ length: sets }, () => new Float32Array(size * size));
  for (let pixel = 0; pixel < size * size; pixel++) {
    const row = Math.floor(pixel / size / side);
    const column = Math.floor((pixel % size) / side);
    masks[dealt[row * across + column]! % sets]![pixel] = 1;
  }
  return masks;
}
