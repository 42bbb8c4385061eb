// Image files to pixels, one implementation for the browser's worker and for Node: no canvas, no platform decoder,
// so both see the same bytes. Orientation applied, alpha dropped, colour profile ignored.
// Each format's decoder is loaded when its first file arrives.
import { RemedyError } from '../errors';
import { ByteView } from './byteView';
import { Damaged, DecoderMissing } from './errors';
import { isDeep, type DeepImage, type RgbImage } from './image';
import { imageInfo } from './imageInfo';
import { fitMask, toMask, type MaskedImage, type ReadMask } from './mask';
import type { Notice } from './notices';
import { upright, type Orientation } from './orientation';
import { spreadRange, type PixelRange } from './pixelRange';
import type { ImageFormat } from './sniff';
import type { Purpose, StoredPicture } from './storedPicture';

type Decoder = (view: ByteView, purpose: Purpose) => StoredPicture | Promise<StoredPicture>;

const DECODERS: Record<ImageFormat, () => Promise<Decoder>> = {
  png: async () => (await import('./png/decode')).decodePng,
  jpeg: async () => (await import('./jpeg/decode')).decodeJpeg,
  webp: async () => (await import('./webp/decode')).decodeWebp,
  bmp: async () => (await import('./bmp/decode')).decodeBmp,
  tiff: async () => (await import('./tiff/decode')).decodeTiff,
};

/** An image, upright. */
export interface DecodedImage {
  image: RgbImage;
  /** The samples as stored, where they have more than eight bits. */
  deep: DeepImage | null;
  /** How the stored pixels were turned. */
  orientation: Orientation;
  /** What the reader should know about how it was read; usually nothing. */
  notices: Notice[];
}

/**
 * Decodes a PNG, JPEG, WebP, BMP or TIFF file to upright RGB.
 * @param range of samples of more than eight bits, or what chooses it; default: their upper byte
 * @throws EmptyFile, NotAnImage, UnsupportedImage, TooLarge (before anything is allocated), Truncated, Damaged
 */
export async function decodeImage(
  bytes: Uint8Array,
  range: PixelRange | null | ((image: DeepImage) => PixelRange | null) = null,
): Promise<DecodedImage> {
  const picture = await decode(bytes, 'image');
  const { orientation } = picture;
  const stored = upright(picture.image, orientation);
  const deep = isDeep(stored) ? stored : null;
  const image = isDeep(stored)
    ? spreadRange(stored, typeof range === 'function' ? range(stored) : range)
    : stored;
  return { image, deep, orientation, notices: noticesOf(picture) };
}

/** How a mask is to be read. */
export interface MaskReading {
  /** What is background otherwise is defect. */
  inverted?: boolean;
  /** The image it belongs to; default: any. */
  image?: MaskedImage;
}

/**
 * Decodes a ground-truth mask, however it marks defects (see toMask), and turns it as its image is turned.
 * @returns zeros and ones at the file's own size, and notices
 * @throws what decodeImage throws; MaskSizeMismatch when its shape is not the image's
 */
export async function decodeMask(
  bytes: Uint8Array,
  { inverted, image }: MaskReading = {},
): Promise<ReadMask> {
  const picture = await decode(bytes, 'mask');
  const { drawnHere = false, orientation } = picture;
  const read = toMask(picture, { inverted: inverted && !drawnHere });
  const mask = upright(read.mask, orientation);
  const fit = fitMask(mask, image ?? mask, drawnHere || orientation !== 1);
  const notices = noticesOf({ ...picture, hasAlpha: false });
  return { mask: upright(mask, fit.turn), notices: [...notices, ...read.notices, ...fit.notices] };
}

/** @throws what decodeImage throws */
async function decode(bytes: Uint8Array, purpose: Purpose): Promise<StoredPicture> {
  const { format, width, height } = imageInfo(bytes);
  const decoder = await loadDecoder(format);
  const picture = await typed(() => decoder(new ByteView(bytes), purpose));
  const { image } = picture;
  if (image.width !== width || image.height !== height)
    throw new Damaged('its headers contradict each other');
  return picture;
}

async function loadDecoder(format: ImageFormat): Promise<Decoder> {
  try {
    return await DECODERS[format]();
  } catch (error) {
    throw new DecoderMissing(`for ${format}`, { cause: error });
  }
}

function noticesOf({ animated, hasAlpha, notices }: StoredPicture): Notice[] {
  const found: Notice[] = [];
  if (animated)
    found.push({ kind: 'animated', text: 'The image is animated; only its first picture is used.' });
  if (hasAlpha) {
    const text = 'Its transparency is ignored: the colours stored under it are used.';
    found.push({ kind: 'transparency', text });
  }
  return [...found, ...notices];
}

async function typed<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RemedyError) throw error;
    throw new Damaged(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
