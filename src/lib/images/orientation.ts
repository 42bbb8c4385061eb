// Turns a picture upright. EXIF knows eight ways a camera may have been held: four turns, each mirrored or not.

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

/** Anything row-major with a whole number of values a pixel. */
interface Picture {
  width: number;
  height: number;
  data: Uint8Array | Uint16Array | Float32Array;
}

/** The picture turned upright, whatever it has a pixel; the same object when it already is. */
export function upright<T extends Picture>(image: T, orientation: Orientation): T {
  if (orientation === 1) return image;
  const swapped = orientation >= 5;
  const width = swapped ? image.height : image.width;
  const height = swapped ? image.width : image.height;
  const samples = image.data.length / (width * height);
  const data = image.data.slice();
  // The map is affine, so three of its values give the step along a row and the start of each row.
  const index = (x: number, y: number) => {
    const [sourceX, sourceY] = SOURCE[orientation](x, y, image.width, image.height);
    return samples * (sourceY * image.width + sourceX);
  };
  const step = index(1, 0) - index(0, 0);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = index(0, y); x < width; x++, from += step) {
      for (let sample = 0; sample < samples; sample++) data[to++] = image.data[from + sample]!;
    }
  }
  return { ...image, width, height, data };
}
