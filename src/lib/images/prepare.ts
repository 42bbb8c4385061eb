// First stage: encoded bytes -> an S x S eight-bit RGB image (METHOD: squash, antialiased bilinear, no crop) and
// its thumbnail. Masks take the same way with nearest-neighbour sampling. No GPU here.
import { decodeImage, decodeMask } from './decode';
import type { Mask, RgbImage } from './image';
import { checkMaskSize } from './mask';
import { resizeBilinear, resizeMask } from './resize';
import { toThumbnail } from './thumbnail';

export interface PreparedImage {
  /** S x S. */
  image: RgbImage;
  /** Longest side at most 96 px, aspect kept. */
  thumbnail: RgbImage;
  /** Size as decoded, orientation applied. */
  width: number;
  height: number;
  /** What the reader should know, e.g. that only the first frame was taken. */
  notices: string[];
}

/**
 * Decodes an image file and squashes it to size x size.
 * @throws the decoder's typed errors (not an image, truncated, too large, ...), each with a remedy
 */
export async function prepareImage(bytes: Uint8Array, size: number): Promise<PreparedImage> {
  const { image, notices } = await decodeImage(bytes);
  return {
    image: resizeBilinear(image, size),
    thumbnail: toThumbnail(image),
    width: image.width,
    height: image.height,
    notices,
  };
}

/**
 * Decodes a ground-truth mask to size x size zeros and ones (nearest, > 127).
 * @param image size of the image it belongs to, as stored; a mask of another shape is refused
 * @throws the decoder's errors, MaskSizeMismatch
 */
export async function prepareMask(
  bytes: Uint8Array,
  size: number,
  image: { width: number; height: number },
): Promise<{ mask: Mask; notices: string[] }> {
  const { mask, notices } = await decodeMask(bytes);
  const resized = checkMaskSize(mask, image);
  return { mask: resizeMask(mask, size), notices: resized ? [...notices, resized] : notices };
}
