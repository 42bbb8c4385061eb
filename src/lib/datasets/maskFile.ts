// The one mask of an image from whatever holds it: a picture, several pictures, the JSON of another tool. Also what the
// pixels of a mask say of its image, for layouts in which an all-black mask means normal.
import { readCoco } from '../formats/outlines/coco';
import { readLabelme } from '../formats/outlines/labelme';
import { OutlinesUnreadable } from '../formats/outlines/polygon';
import { encodePng } from '../formats/png';
import { decodeImage, decodeMask } from '../images/decode';
import { MaskSizeMismatch } from '../images/errors';
import type { Mask } from '../images/image';
import { imageInfo } from '../images/imageInfo';
import { isFileOf } from './outlined';
import type { MaskLook } from './layouts/report';

export interface MaskPart {
  /** Its path: JSON is told by its ending. */
  path: string;
  bytes: Uint8Array;
}

/**
 * An image's mask as one encoded picture: a single picture as it is, anything else as a PNG of 0 and 255.
 * @param image the image's path: the JSON of a whole set names its images
 * @throws the decoder's errors, OutlinesUnreadable, MaskSizeMismatch when parts differ in size
 */
export async function uniteMasks(parts: readonly MaskPart[], image: string): Promise<Uint8Array> {
  const [first] = parts;
  if (parts.length === 1 && !isJson(first!.path)) return first!.bytes;
  const masks = await Promise.all(parts.map((part) => maskOf(part, image)));
  const { width, height } = masks[0]!;
  const data = new Uint8Array(width * height);
  for (const mask of masks) {
    if (mask.width !== width || mask.height !== height)
      throw new MaskSizeMismatch(`${width} x ${height} and ${mask.width} x ${mask.height}`, 'one');
    for (let i = 0; i < data.length; i++) if (mask.data[i] !== 0) data[i] = 255;
  }
  return encodePng({ width, height, data });
}

/** Whether a mask is several files, or one that is no picture: then `uniteMasks` has to make it. */
export const needsUniting = (paths: readonly string[]): boolean => paths.length > 1 || paths.some(isJson);

const isJson = (path: string): boolean => /\.json$/i.test(path);

async function maskOf({ path, bytes }: MaskPart, image: string): Promise<Mask> {
  if (!isJson(path)) return (await decodeMask(bytes)).mask;
  const text = new TextDecoder().decode(bytes);
  const set = readCoco(text);
  if (!set) return labelmeMask(text);
  const file = set.images.map((one) => one.file).filter((one) => isFileOf(one, image)).sort((a, b) => b.length - a.length)[0]; // prettier-ignore
  return set.maskOf(file ?? image);
}

/** Of all bitmaps of a file, overlapping as they may: as much as the largest image has. */
const MOST_BITMAP_PIXELS = 64 * 2 ** 20;

/** @throws OutlinesUnreadable, the decoder's errors */
async function labelmeMask(text: string): Promise<Mask> {
  const { mask, bitmaps } = readLabelme(text);
  if (bitmaps.reduce((sum, { width, height }) => sum + width * height, 0) > MOST_BITMAP_PIXELS)
    throw new OutlinesUnreadable('its masks have more pixels than any image');
  for (const { x, y, width, height, png } of bitmaps) {
    const info = imageInfo(png);
    if (info.width !== width || info.height !== height)
      throw new OutlinesUnreadable('a mask has another size than its corners say');
    const { mask: marked } = await decodeMask(png);
    marked.data.forEach((value, i) => {
      if (value !== 0) mask.data[(y + Math.floor(i / width)) * mask.width + x + (i % width)] = 1;
    });
  }
  return mask;
}

/** Noise that JPEG leaves on black. */
const BLACK = 16;
/** Of a mask's pixels, as many have one of two values; of a photograph far fewer. */
const MASKLIKE = 0.9;

/** What a mask's pixels say. @throws what `uniteMasks` throws */
export async function lookAtMask(part: MaskPart, image: string): Promise<MaskLook> {
  if (isJson(part.path)) return { defect: share((await maskOf(part, image)).data), masklike: true };
  const { image: picture } = await decodeImage(part.bytes);
  const levels = new Uint32Array(256);
  const pixels = picture.width * picture.height;
  let brightest = 0;
  for (let i = 0; i < picture.data.length; i += 3) {
    const level = Math.max(picture.data[i]!, picture.data[i + 1]!, picture.data[i + 2]!);
    levels[level]! += 1;
    if (level > brightest) brightest = level;
  }
  const [most, second] = [...levels].sort((a, b) => b - a);
  const masklike = (most! + second!) / pixels >= MASKLIKE;
  const lossy = part.bytes[0] === 0xff && part.bytes[1] === 0xd8;
  if (lossy && brightest < BLACK) return { defect: 0, masklike };
  return { defect: share((await decodeMask(part.bytes)).mask.data), masklike };
}

function share(data: Uint8Array): number {
  let marked = 0;
  for (const value of data) marked += Number(value !== 0);
  return marked / Math.max(1, data.length);
}
