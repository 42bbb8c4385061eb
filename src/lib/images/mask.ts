// Ground-truth masks: from a picture to zeros and ones, and whether a mask fits its image.
import { MaskSizeMismatch } from './errors';
import type { Mask, RgbImage } from './image';

/** Grey values above this are defect. */
const THRESHOLD = 127;
/** How far the aspect ratios of mask and image may differ: rounding, not another shape. */
const ASPECT_TOLERANCE = 0.02;

/**
 * Defect where the picture's grey value (ITU-R 601, as PIL's "L") is above 127. A mask that never gets there numbers its
 * defects 1, 2, ..., as VisA's do: there, every value but 0 is defect.
 */
export function toMask({ width, height, data }: RgbImage): { mask: Mask; notice: string | null } {
  const grey = new Uint8Array(width * height);
  let brightest = 0;
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) {
    grey[i] = (19595 * data[from]! + 38470 * data[from + 1]! + 7471 * data[from + 2]! + 0x8000) >> 16;
    if (grey[i]! > brightest) brightest = grey[i]!;
  }
  const labels = brightest > 0 && brightest <= THRESHOLD;
  const level = labels ? 0 : THRESHOLD;
  return {
    mask: { width, height, data: grey.map((value) => (value > level ? 1 : 0)) },
    notice: labels
      ? `The mask's largest value is ${brightest}: it is read as numbered defects, every value but 0 a defect.`
      : null,
  };
}

/**
 * Whether a mask belongs to its image. Another size of the same shape does: masks are resized by nearest neighbour.
 * @returns a notice when the sizes differ, null when they are the same
 * @throws MaskSizeMismatch when the shapes differ
 */
export function checkMaskSize(mask: Size, image: Size): string | null {
  if (mask.width === image.width && mask.height === image.height) return null;
  const ratio = (mask.width * image.height) / (mask.height * image.width);
  if (Math.abs(ratio - 1) > ASPECT_TOLERANCE) throw new MaskSizeMismatch(sizeOf(mask), sizeOf(image));
  return `The mask is ${sizeOf(mask)} pixels, its image ${sizeOf(image)}: the mask is resized.`;
}

interface Size {
  width: number;
  height: number;
}

function sizeOf({ width, height }: Size): string {
  return `${width} x ${height}`;
}
