// A small picture as something that crosses to the page without a copy. Node has no bitmaps and needs none.
import type { RgbImage } from '../../lib/images/image';

/** The image as an ImageBitmap, or null where there is no such thing. */
export async function toBitmap({ width, height, data }: RgbImage): Promise<ImageBitmap | null> {
  if (typeof createImageBitmap === 'undefined') return null;
  const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0, from = 0; i < pixels.length; i += 4, from += 3) {
    pixels[i] = data[from]!;
    pixels[i + 1] = data[from + 1]!;
    pixels[i + 2] = data[from + 2]!;
  }
  return createImageBitmap(new ImageData(pixels, width, height));
}
