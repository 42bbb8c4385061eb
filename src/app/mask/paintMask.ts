// A mask as pixels to lay over its image: an outline in two tones that reads on any picture and is told from the threshold's, and a tint inside.
import type { Mask } from '../../lib/images/image';

/** Opacity of the tint, 0 to 255. */
export type Tint = 0 | 90;

const TINT = [255, 112, 44] as const;
/** Outlines are this share of the longest side wide, at least a pixel. */
const LINE_SHARE = 1 / 300;

/** RGBA, not premultiplied. */
export function paintMask({ width, height, data }: Mask, tint: Tint): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * width * height);
  const line = Math.max(1, Math.round(Math.max(width, height) * LINE_SHARE));
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      // The image's own edge closes an outline too.
      const marked =
        (x >= line ? data[i - line]! : 0) +
        (x + line < width ? data[i + line]! : 0) +
        (y >= line ? data[i - line * width]! : 0) +
        (y + line < height ? data[i + line * width]! : 0);
      if (data[i] === 1 && marked < 4) pixels.set(LINE, 4 * i);
      else if (data[i] === 0 && marked > 0) pixels.set(CASING, 4 * i);
      else if (data[i] === 1 && tint > 0) pixels.set([...TINT, tint], 4 * i);
    }
  }
  return pixels;
}

/** Neither the white of the threshold nor the orange of the pasted block. */
const LINE = [64, 224, 255, 255];
const CASING = [0, 0, 0, 160];
