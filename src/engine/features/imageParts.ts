// The parts of an image that the network looks at one by one, and what they are called: an image that is not cut has one, which
// bears the image's own id.
import type { MapLayout } from '../../lib/framing';
import { Random } from '../../lib/nn/random';
import type { ImageId } from '../api/types';

/** Of an image that is not cut its id. */
export type PartId = string;

export interface ImageParts {
  /** Row by row. */
  ids: PartId[];
  layout: MapLayout;
}

/** Stands in no file's name. */
const SEPARATOR = '\u0000';

/**
 * Tiles that are learned from. Of more, so many are drawn, over all images and always the same ones: what is normal is
 * seen in a few thousand of them, and training time stays bounded.
 */
export const MAX_TRAINING_TILES = 2048;

export const partIds = (id: ImageId, count: number): PartId[] =>
  count === 1 ? [id] : Array.from({ length: count }, (_, i) => `${id}${SEPARATOR}${i}`);

/** The image that a part is of. */
export const ownerOf = (part: PartId): ImageId => part.split(SEPARATOR, 1)[0]!;

/** Which part of its image it is. */
export const partOf = (part: PartId): number => Number(part.split(SEPARATOR)[1] ?? 0);

/** All of them, or as many as may be learned from, in their order. Whole images always stay. */
export function inSample(parts: readonly PartId[]): PartId[] {
  const tiles = parts.filter((part) => part.includes(SEPARATOR));
  if (tiles.length <= MAX_TRAINING_TILES) return [...parts];
  const order = Random.stream(0, 'training tiles').permutation(tiles.length);
  const drawn = new Set(Array.from(order.slice(0, MAX_TRAINING_TILES), (i) => tiles[i]!));
  return parts.filter((part) => !part.includes(SEPARATOR) || drawn.has(part));
}
