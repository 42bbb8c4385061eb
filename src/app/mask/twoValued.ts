// Whether a dropped file may be a mask: of an image's shape, and of nearly two values.
import type { ImageRecord } from '../images/dataSlice';

/** Sides of what is looked at: enough to tell a photo from a mask. */
const LOOK = 256;
const LEVELS = 32;
/** Of a mask's pixels this share has one of its two commonest values; the others are soft edges. */
const SHARE = 0.95;

/** @returns whether it may be one; a file that the browser cannot show is left to the reader of masks */
export async function mayBeMask(file: File, { width, height }: ImageRecord): Promise<boolean> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return true;
  }
  const fits = sameShape(picture, { width, height }) || sameShape(picture, { width: height, height: width });
  const context = new OffscreenCanvas(LOOK, LOOK).getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, 0, 0, LOOK, LOOK);
  picture.close();
  return fits && isTwoValued(context.getImageData(0, 0, LOOK, LOOK).data);
}

/** Within a percent: masks may be smaller than their image. */
const sameShape = (a: { width: number; height: number }, b: { width: number; height: number }) =>
  Math.abs(a.width * b.height - b.width * a.height) <= 0.01 * a.height * b.width;

/** @param rgba pixels of any number */
export function isTwoValued(rgba: Uint8ClampedArray): boolean {
  const counts = new Map<number, number>();
  for (let i = 0; i < rgba.length; i += 4) {
    const level = (value: number) => Math.round((value / 255) * (LEVELS - 1));
    const key = (level(rgba[i]!) * LEVELS + level(rgba[i + 1]!)) * LEVELS + level(rgba[i + 2]!);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [first = 0, second = 0] = [...counts.values()].sort((a, b) => b - a);
  return first + second >= (SHARE * rgba.length) / 4;
}
