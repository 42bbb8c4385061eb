// Turns a picture upright. EXIF knows eight ways a camera may have been held: four turns, each mirrored or not.
import type { RgbImage } from './image';

/** 1 upright, 2 mirrored, 3 upside down, 4 mirrored upside down, 5 to 8 the same lying on a side. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Where upright pixel (x, y) lies in the stored picture of width w and height h. */
const SOURCE: Record<Orientation, (x: number, y: number, w: number, h: number) => [number, number]> = {
  1: (x, y) => [x, y],
  2: (x, y, w) => [w - 1 - x, y],
  3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  4: (x, y, _w, h) => [x, h - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, _w, h) => [y, h - 1 - x],
  7: (x, y, w, h) => [w - 1 - y, h - 1 - x],
  8: (x, y, w) => [w - 1 - y, x],
};

/** The picture turned upright; the same object when it already is. */
export function upright(image: RgbImage, orientation: Orientation): RgbImage {
  if (orientation === 1) return image;
  const swapped = orientation >= 5;
  const width = swapped ? image.height : image.width;
  const height = swapped ? image.width : image.height;
  const data = new Uint8Array(image.data.length);
  // The map is affine, so three of its values give the step along a row and the start of each row.
  const index = (x: number, y: number) => {
    const [sourceX, sourceY] = SOURCE[orientation](x, y, image.width, image.height);
    return 3 * (sourceY * image.width + sourceX);
  };
  const step = index(1, 0) - index(0, 0);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = index(0, y); x < width; x++, from += step, to += 3) {
      data[to] = image.data[from]!;
      data[to + 1] = image.data[from + 1]!;
      data[to + 2] = image.data[from + 2]!;
    }
  }
  return { width, height, data };
}
