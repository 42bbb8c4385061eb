// Which patches an image has. A side that is no multiple of the patch is resized to the nearest that is; more tokens than
// attention is made for are refused.
import { TooManyTokens } from '../errors';
import { prefixOf, type PatchEmbedding } from './layers';

/** Most tokens of an image, class token and registers included. */
export const MOST_TOKENS = 4096;

export interface Cells {
  height: number;
  width: number;
}

/** Patches along a side of so many pixels: of the nearest multiple, at least one. */
export const patchesAlong = (pixels: number, patch: number): number =>
  Math.max(1, Math.round(pixels / patch));

/** The grid of patches of an image of height x width pixels. @throws TooManyTokens */
export function patchGrid(id: string, embedding: PatchEmbedding, height: number, width: number): Cells {
  const { stride } = embedding;
  const cells = { height: patchesAlong(height, stride), width: patchesAlong(width, stride) };
  const room = MOST_TOKENS - prefixOf(embedding);
  const count = cells.height * cells.width;
  if (count <= room) return cells;
  throw new TooManyTokens(id, count + prefixOf(embedding), MOST_TOKENS, Math.floor(Math.sqrt(room)) * stride);
}
