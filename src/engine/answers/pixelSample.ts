// Which test images' pixels are kept for pixel figures: all of them while they fit the budget, and none where nothing
// could be figured from them. Of more, so many as fit, spread evenly over the normal and over the masked ones, so
// that both keep their share and every figure stays an unbiased estimate.
import { spread } from '../../lib/datasets/spread';
import type { StoredImage } from '../features/imageStore';
import type { ImageId, ScoreTable } from '../api/types';

/** What a pixel takes while the figures are computed (metrics/imagePixels.ts). */
const BYTES_PER_PIXEL = 2;

export interface PixelSample {
  has(image: Pick<StoredImage, 'id'>): boolean;
  /** How many of how many, when not all of them; for the table. */
  sampled: Pick<ScoreTable, 'pixelImages'>;
}

type Known = Pick<StoredImage, 'id' | 'label' | 'mask'>;

/** @param areaOf pixels of an image's map where figures are taken. @param budget bytes */
export function pixelSample<Image extends Known>(
  test: readonly Image[],
  areaOf: (image: Image) => number,
  budget: number,
): PixelSample {
  const normal = test.filter(({ label }) => label === 0);
  const masked = test.filter(({ label, mask }) => label !== 0 && mask !== null);
  // Without a known defect pixel there is no figure, and nothing to keep pixels for.
  if (!masked.some(({ label }) => label === 1)) return { has: () => false, sampled: {} };
  const of = normal.length + masked.length;
  const pixels = [...normal, ...masked].reduce((sum, image) => sum + areaOf(image), 0);
  const share = Math.min(1, budget / (pixels * BYTES_PER_PIXEL));
  const kept = [normal, masked].flatMap((list) => spread(list, Math.max(1, Math.floor(list.length * share))));
  const ids = new Set<ImageId>(kept.map(({ id }) => id));
  return {
    has: ({ id }) => ids.has(id),
    sampled: ids.size < of ? { pixelImages: { counted: ids.size, of } } : {},
  };
}
