// The defects of one image apart, as sets with several masks an image draw them: each value of each mask is one region,
// whether its pixels hang together or not.
import { decodeImage, decodeMask } from './decode';
import type { Mask } from './image';
import type { MaskedImage } from './mask';
import { resizeMask } from './resize';

export interface DefectRegion {
  mask: Mask;
  /** Of its pixels in the mask, 1 to 255. */
  value: number;
  /** Of the mask's pixels at its own size, how many lie in one of `mask`: 1 unless it was resized. */
  scale: number;
}

/** A drawn mask has few values; a photograph or a soft edge has many, and is one region of its brightest. */
const MOST_VALUES = 64;

/**
 * The regions of an image's masks. @param size null: masks keep their own size
 * @throws the decoder's errors, MaskSizeMismatch
 */
export async function defectRegions(
  masks: readonly Uint8Array[],
  size: { width: number; height: number } | null,
  image: MaskedImage,
): Promise<DefectRegion[]> {
  const regions: DefectRegion[] = [];
  for (const bytes of masks) {
    const { mask: marked } = await decodeMask(bytes, { image });
    const { image: picture } = await decodeImage(bytes);
    const levels = picture.data.filter((_, i) => i % 3 === 0);
    const sameTurn = picture.width === marked.width && picture.height === marked.height;
    const values = [...new Set(levels)].filter((value) => value > 0).sort((a, b) => a - b);
    const apart = sameTurn && values.length <= MOST_VALUES ? values : values.slice(-1);
    for (const value of apart) {
      const data = apart.length === 1 ? marked.data : levels.map((level) => Number(level === value));
      const whole = { width: marked.width, height: marked.height, data: new Uint8Array(data) };
      const mask = size === null ? whole : resizeMask(whole, size.width, size.height);
      regions.push({ mask, value, scale: (whole.width * whole.height) / (mask.width * mask.height) });
    }
  }
  return regions;
}
