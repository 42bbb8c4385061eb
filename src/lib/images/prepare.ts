// First stage: encoded bytes -> an S x S eight-bit RGB image (METHOD: squash, antialiased bilinear, no crop) and
// its thumbnail. Masks take the same way with nearest-neighbour sampling. No GPU here.
import { decodeImage, decodeMask, type MaskReading } from './decode';
import type { Mask, RgbImage } from './image';
import { imageInfo } from './imageInfo';
import type { MaskedImage } from './mask';
import type { Notice } from './notices';
import type { Orientation } from './orientation';
import { extremesOf, type PixelRange } from './pixelRange';
import { resizeBilinear, resizeMask } from './resize';
import { toThumbnail } from './thumbnail';

export interface PreparedImage {
  /** S x S. */
  image: RgbImage;
  /** Longest side at most 96 px, aspect kept. */
  thumbnail: RgbImage;
  /** Size as decoded, orientation applied. */
  width: number;
  height: number;
  orientation: Orientation;
  /** Of samples of more than eight bits, but for the tails; null for eight bits. */
  extremes: PixelRange | null;
  /** Whether a browser shows the file as it is read here: no TIFF, and nothing of more than eight bits. */
  showable: boolean;
  /** What the reader should know, e.g. that only the first frame was taken. */
  notices: Notice[];
}

/**
 * Decodes an image file and squashes it to size x size.
 * @param choose range for samples of more than eight bits, knowing the image's own extremes; default: their upper byte
 * @throws the decoder's typed errors (not an image, truncated, too large, ...), each with a remedy
 */
export async function prepareImage(
  bytes: Uint8Array,
  size: number,
  choose: (extremes: PixelRange | null) => PixelRange | null = () => null,
): Promise<PreparedImage> {
  let extremes: PixelRange | null = null;
  const { image, orientation, notices } = await decodeImage(bytes, (deep) => {
    extremes = extremesOf(deep);
    return choose(extremes);
  });
  const { width, height } = image;
  return {
    image: resizeBilinear(image, size),
    thumbnail: toThumbnail(image),
    width,
    height,
    orientation,
    extremes,
    showable: extremes === null && imageInfo(bytes).format !== 'tiff',
    notices: [...notices, ...shapeNotices(image)],
  };
}

/** Fewer pixels a side say little to a backbone whose features are eight and more pixels wide. */
const SMALL_SIDE = 32;
/** Of the longer to the shorter side: squashed to a square, details lose that factor along the longer one. */
const FAR_FROM_SQUARE = 2.5;

function shapeNotices({ width, height }: RgbImage): Notice[] {
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  const notices: Notice[] = [];
  if (shorter < SMALL_SIDE) {
    const text = `The image is only ${width} x ${height} pixels: below ${SMALL_SIDE} a side there is little to see.`;
    notices.push({ kind: 'small-image', text });
  }
  if (longer >= FAR_FROM_SQUARE * shorter) {
    const text = `The image is ${width} x ${height} pixels, far from square: it is squashed to a square, and small defects may vanish along its longer side.`;
    notices.push({ kind: 'narrow-image', text });
  }
  return notices;
}

/** A mask at the input size, or its own. */
export interface PreparedMask {
  mask: Mask;
  notices: Notice[];
  /** What is left of its defects: some, none because nothing was marked, or none because they are smaller than a pixel. */
  marks: 'some' | 'nothing' | 'vanished';
}

/**
 * Decodes a ground-truth mask to size x size zeros and ones (nearest).
 * @param size null: its own size is kept
 * @param image it belongs to; a mask of another shape is refused
 * @throws the decoder's errors, MaskSizeMismatch
 */
export async function prepareMask(
  bytes: Uint8Array,
  size: number | null,
  image: MaskedImage,
  { inverted }: Pick<MaskReading, 'inverted'> = {},
): Promise<PreparedMask> {
  const { mask: whole, notices } = await decodeMask(bytes, { inverted, image });
  const mask = size === null ? whole : resizeMask(whole, size);
  const marks = mask.data.includes(1) ? 'some' : whole.data.includes(1) ? 'vanished' : 'nothing';
  return { mask, notices, marks };
}
