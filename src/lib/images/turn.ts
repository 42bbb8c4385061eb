// An image turned about its middle by eighths of a full turn, the rest of the frame mirrored: how something looks that may
// lie in any direction. No GPU.
import { insideOf, refilled, type InputImage } from './cut';
import type { RgbImage } from './image';

const FULL = 8;
const DIAGONAL = Math.SQRT1_2;
/** Cosines of the eighths, exact where they can be. */
const COSINES = [1, DIAGONAL, 0, -DIAGONAL, -1, -DIAGONAL, 0, DIAGONAL];

/** Turned clockwise by so many eighths, the same size; bilinear. @param eighths any whole number */
export function turnedImage(image: RgbImage, eighths: number): RgbImage {
  const turn = ((eighths % FULL) + FULL) % FULL;
  if (turn === 0) return image;
  const { width, height, data } = image;
  const [cosine, sine] = [COSINES[turn]!, COSINES[(turn + 6) % FULL]!];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const turned = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const [dx, dy] = [x - middleX, y - middleY];
      const fromX = middleX + cosine * dx + sine * dy;
      const fromY = middleY - sine * dx + cosine * dy;
      const [x0, y0] = [Math.floor(fromX), Math.floor(fromY)];
      const [right, low] = [fromX - x0, fromY - y0];
      const rows = [mirror(y0, height) * width, mirror(y0 + 1, height) * width] as const;
      const columns = [mirror(x0, width), mirror(x0 + 1, width)] as const;
      for (let c = 0; c < 3; c++) {
        const at = (row: 0 | 1, column: 0 | 1) => data[3 * (rows[row] + columns[column]) + c]!;
        const upper = at(0, 0) * (1 - right) + at(0, 1) * right;
        const lower = at(1, 0) * (1 - right) + at(1, 1) * right;
        turned[to + c] = Math.round(upper * (1 - low) + lower * low);
      }
    }
  }
  return { ...image, data: turned };
}

/** The same of what of an input is image; its padding stays. */
export function turnedInside(image: InputImage, eighths: number): InputImage {
  return refilled(turnedImage(insideOf(image), eighths), image);
}

/** ... 1 0 | 0 1 2 ... n-1 | n-1 n-2 ... */
function mirror(index: number, size: number): number {
  const folded = ((index % (2 * size)) + 2 * size) % (2 * size);
  return folded < size ? folded : 2 * size - 1 - folded;
}
