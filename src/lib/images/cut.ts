// From a whole image to what the network looks at: squashed, padded, or one tile of it (framing.ts says where), and the same for
// its mask. No GPU.
import type { AxisCut, Cut, Size } from '../framing';
import type { Mask, RgbImage } from './image';
import { pickPixels, resample } from './resize';

/** An image at the size of the input. */
export interface InputImage extends RgbImage {
  /** What of it is image, from the left and the top; absent where all of it is. */
  filled?: Size;
}

/**
 * What lies beyond the image: the mean colour of ImageNet, which the usual normalisation turns to zero. The network pads
 * its layers with zeros too, so that the image seems to end there.
 */
export const PADDING = [124, 116, 104];

/** One part of an image, in the order of its tiles; the only one, of an image that is not cut. */
export function cutImage(image: RgbImage, cut: Cut, { width, height }: Size, part = 0): InputImage {
  const { columns, rows } = cut;
  const [column, row] = placeOf(cut, part);
  const region = crop(image, columns.starts[column]!, rows.starts[row]!, columns.length, rows.length);
  const seen = resample(region, columns.filled, rows.filled);
  return seen.width === width && seen.height === height ? seen : padded(seen, width, height);
}

/**
 * A mask as it lies on one part, by nearest neighbour; on the padding mirrored, as the features are there.
 * @param mask of the whole image, of whatever size. @param image its size
 */
export function cutMask(mask: Mask, image: Size, cut: Cut, input: Size, part: number): Mask {
  const [column, row] = placeOf(cut, part);
  return pickPixels(
    mask,
    sourcesOf(cut.columns, column, input.width, mask.width / image.width, mask.width),
    sourcesOf(cut.rows, row, input.height, mask.height / image.height, mask.height),
  );
}

const placeOf = ({ columns }: Cut, part: number): [column: number, row: number] => [
  part % columns.starts.length,
  Math.floor(part / columns.starts.length),
];

/** For each pixel of the input, the mask's pixel under its centre. @param scale pixels of the mask a pixel of the image */
function sourcesOf(
  { starts, length, filled }: AxisCut,
  part: number,
  input: number,
  scale: number,
  most: number,
): Int32Array {
  return mirrored(filled, input).map((inside) => {
    const place = starts[part]! + ((inside + 0.5) * length) / filled;
    return Math.min(most - 1, Math.floor(place * scale));
  });
}

/** 0, 1, ... up to `filled`, then back, and so on. */
function mirrored(filled: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    const folded = i % (2 * filled);
    return folded < filled ? folded : 2 * filled - 1 - folded;
  });
}

/** What of an input is image. */
export const insideOf = (image: InputImage): RgbImage =>
  image.filled ? crop(image, 0, 0, image.filled.width, image.filled.height) : image;

/** What takes the place of an input's image, on the same padding. */
export const refilled = (inside: RgbImage, { filled, width, height }: InputImage): InputImage =>
  filled ? padded(inside, width, height) : inside;

/** Draws on what of an input is image; on its padding the mask is mirrored, as the features are there. */
export function drawInside<P extends { image: RgbImage; mask: Mask }>(
  image: InputImage,
  draw: (inside: RgbImage) => P,
): { image: InputImage; mask: Mask } {
  const { filled, width, height } = image;
  const drawn = draw(insideOf(image));
  if (!filled) return drawn;
  return {
    image: padded(drawn.image, width, height),
    mask: pickPixels(drawn.mask, mirrored(filled.width, width), mirrored(filled.height, height)),
  };
}

function crop(image: RgbImage, left: number, top: number, width: number, height: number): RgbImage {
  if (width === image.width && height === image.height) return image;
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const from = 3 * ((top + y) * image.width + left);
    data.set(image.data.subarray(from, from + 3 * width), 3 * y * width);
  }
  return { width, height, data };
}

function padded(seen: RgbImage, width: number, height: number): InputImage {
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < data.length; i++) data[i] = PADDING[i % 3]!;
  for (let y = 0; y < seen.height; y++) {
    data.set(seen.data.subarray(3 * y * seen.width, 3 * (y + 1) * seen.width), 3 * y * width);
  }
  return { width, height, data, filled: { width: seen.width, height: seen.height } };
}
