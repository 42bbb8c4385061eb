// Writes PNG files: overlays and maps that the command line exports. Reading is another matter (src/lib/images).
import { encode } from 'fast-png';

/** Eight bits a channel, row-major, channels last: grey, RGB or RGBA, told by the length of the data. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
  /** Text chunks by keyword. */
  text?: Record<string, string>;
}

/** A PNG file. @throws RangeError when the data does not hold 1, 3 or 4 values a pixel */
export function encodePng({ width, height, data, text }: Pixels): Uint8Array {
  const channels = data.length / (width * height);
  if (![1, 3, 4].includes(channels))
    throw new RangeError(`${data.length} values for ${width} x ${height} pixels`);
  return encode({ width, height, data, channels, depth: 8, ...(text && { text }) });
}
