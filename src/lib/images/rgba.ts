// Drops the alpha channel that the WebAssembly decoders always emit. Never goes through a canvas: canvases
// multiply colours by alpha and round.
import type { RgbImage } from './image';

/** Straight RGBA to RGB, the colours as stored. */
export function rgbaToRgb({
  width,
  height,
  data,
}: {
  width: number;
  height: number;
  data: ArrayLike<number>;
}): RgbImage {
  const rgb = new Uint8Array(3 * width * height);
  for (let to = 0, from = 0; to < rgb.length; to += 3, from += 4) {
    rgb[to] = data[from]!;
    rgb[to + 1] = data[from + 1]!;
    rgb[to + 2] = data[from + 2]!;
  }
  return { width, height, data: rgb };
}

/** The alpha channel that was dropped. */
export const alphaOf = ({ data }: { data: ArrayLike<number> }): Uint8Array =>
  Uint8Array.from({ length: data.length / 4 }, (_, pixel) => data[4 * pixel + 3]!);
