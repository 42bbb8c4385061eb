// The header chunk of a PNG (IHDR): size, bit depth, colour type. Source: PNG specification, section 11.2.1.
import { ByteView } from '../byteView';
import { Damaged } from '../errors';
import { pngChunks } from './chunks';

export const COLOR_TYPES = { grey: 0, rgb: 2, palette: 3, greyAlpha: 4, rgba: 6 } as const;
export type ColorType = (typeof COLOR_TYPES)[keyof typeof COLOR_TYPES];

export interface PngHeader {
  width: number;
  height: number;
  /** Bits of one sample: 1, 2, 4, 8 or 16. */
  depth: number;
  colorType: ColorType;
  /** Stored in seven passes (Adam7). */
  interlaced: boolean;
}

/** Bit depths that the specification allows for each colour type. */
const DEPTHS: Record<ColorType, number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const SAMPLES: Record<ColorType, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** The header of a PNG file, which is always its first chunk. @throws Truncated or Damaged */
export function readPngHeader(view: ByteView): PngHeader {
  for (const { type, data } of pngChunks(view)) {
    if (type === 'IHDR') return parseHeader(new ByteView(data));
    break;
  }
  throw new Damaged('its header chunk is missing');
}

/** Samples of one pixel, alpha included. */
export function samplesOf(colorType: ColorType): number {
  return SAMPLES[colorType];
}

function parseHeader(view: ByteView): PngHeader {
  const [width, height, depth, colorType] = [view.u32(0), view.u32(4), view.u8(8), view.u8(9)];
  const [compression, filter, interlace] = [view.u8(10), view.u8(11), view.u8(12)];
  if (width === 0 || height === 0) throw new Damaged('its header gives no size');
  if (!isColorType(colorType) || !DEPTHS[colorType].includes(depth)) {
    throw new Damaged(`its header names colour type ${colorType} with ${depth} bits`);
  }
  if (compression !== 0 || filter !== 0 || interlace > 1)
    throw new Damaged('its header names unknown methods');
  return { width, height, depth, colorType, interlaced: interlace === 1 };
}

function isColorType(value: number): value is ColorType {
  return value in DEPTHS;
}
