// Small pictures for the lists of images: same resampling as the network's input, aspect kept.
import type { RgbImage } from './image';
import { resample } from './resize';

/** The image with its longest side at most `maxSide` pixels; smaller images as they are. */
export function toThumbnail(image: RgbImage, maxSide = 96): RgbImage {
  const scale = maxSide / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return resample(image, side(image.width), side(image.height));
}
