// "Features" of the fake engine: the mean colour and contrast of each cell of an image. In Node, where no browser
// decodes, they come from the file's bytes.
import type { Encoded } from '../engine/api/types';

export const SIDE = 16;
const PIXELS = 128;

/** Red, green, blue and contrast of each cell, 0 to 1, four numbers a cell. */
export type Cells = Float32Array;

export async function cellColours(bytes: Encoded) {
  if (typeof createImageBitmap === 'undefined')
    return fromBytes(new Uint8Array(bytes instanceof ArrayBuffer ? bytes : await bytes.arrayBuffer()));
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(PIXELS, PIXELS);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0, PIXELS, PIXELS);
  const { data } = context.getImageData(0, 0, PIXELS, PIXELS);
  const thumbnail = await toThumbnailBitmap(bitmap);
  return { cells: summarise(data), thumbnail, width, height };
}

/** Of RGBA pixels; every 128th of a side is looked at. */
export function frameColours(pixels: ArrayBuffer, width: number, height: number): Cells {
  const all = new Uint32Array(pixels);
  const some = Uint32Array.from({ length: PIXELS * PIXELS }, (_, i) => {
    const [x, y] = [((i % PIXELS) * width) / PIXELS, (Math.floor(i / PIXELS) * height) / PIXELS];
    return all[Math.floor(y) * width + Math.floor(x)]!;
  });
  return summarise(new Uint8ClampedArray(some.buffer));
}

function summarise(data: Uint8ClampedArray): Cells {
  const cells = new Float32Array(4 * SIDE * SIDE);
  const size = PIXELS / SIDE;
  for (let cell = 0; cell < SIDE * SIDE; cell++) {
    const left = (cell % SIDE) * size;
    const top = Math.floor(cell / SIDE) * size;
    const greys: number[] = [];
    for (let i = 0; i < size * size; i++) {
      const at = 4 * ((top + Math.floor(i / size)) * PIXELS + left + (i % size));
      for (let channel = 0; channel < 3; channel++)
        cells[4 * cell + channel]! += data[at + channel]! / 255 / size ** 2;
      greys.push((data[at]! + data[at + 1]! + data[at + 2]!) / 765);
    }
    const mean = greys.reduce((sum, grey) => sum + grey, 0) / greys.length;
    cells[4 * cell + 3] =
      3 * Math.sqrt(greys.reduce((sum, grey) => sum + (grey - mean) ** 2, 0) / greys.length);
  }
  return cells;
}

function fromBytes(bytes: Uint8Array) {
  if (bytes.length === 0) throw new Error('empty');
  const cells = Float32Array.from({ length: 4 * SIDE * SIDE }, (_, i) => bytes[i % bytes.length]! / 255);
  return { cells, thumbnail: null, width: PIXELS, height: PIXELS };
}

function toThumbnailBitmap(bitmap: ImageBitmap): Promise<ImageBitmap> {
  const scale = 96 / Math.max(bitmap.width, bitmap.height);
  const size = (length: number) => Math.max(1, Math.round(length * scale));
  return createImageBitmap(bitmap, { resizeWidth: size(bitmap.width), resizeHeight: size(bitmap.height) });
}
