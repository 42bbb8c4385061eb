// First stage: encoded bytes -> an S x S eight-bit RGB image (METHOD: squash, antialiased bilinear, no crop), or several of
// them, and its thumbnail. Masks take the same way with nearest-neighbour sampling. No GPU here.
import { cutOf, partsOf, squashed, type Cut, type Fit, type Framing } from '../framing';
import { cutImage, type InputImage } from './cut';
import { decodeImage, decodeMask, type MaskReading } from './decode';
import type { Mask, RgbImage } from './image';
import { imageInfo } from './imageInfo';
import type { MaskedImage } from './mask';
import type { Notice } from './notices';
import type { Orientation } from './orientation';
import { extremesOf, type PixelRange } from './pixelRange';
import { resample, resizeMask } from './resize';
import { toThumbnail } from './thumbnail';

export interface PreparedImage {
  /** At the input's size; of an image that is cut into tiles the whole of it, squashed. */
  image: InputImage;
  /** As decoded. */
  whole: RgbImage;
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

const framingFrom = (size: number | Framing): Framing => (typeof size === 'number' ? squashed(size) : size);

/**
 * Decodes an image file and brings it to the size of the input.
 * @param size to which it is squashed, or how else it is seen
 * @param choose range for samples of more than eight bits, knowing the image's own extremes; default: their upper byte
 * @throws the decoder's typed errors (not an image, truncated, too large, ...), each with a remedy; TooManyTiles
 */
export async function prepareImage(
  bytes: Uint8Array,
  size: number | Framing,
  choose: (extremes: PixelRange | null) => PixelRange | null = () => null,
): Promise<PreparedImage> {
  let extremes: PixelRange | null = null;
  const { image, orientation, notices } = await decodeImage(bytes, (deep) => {
    extremes = extremesOf(deep);
    return choose(extremes);
  });
  const { width, height } = image;
  const framing = framingFrom(size);
  const cut = cutOf(image, framing);
  return {
    image:
      partsOf(cut) === 1 ? cutImage(image, cut, framing) : resample(image, framing.width, framing.height),
    whole: image,
    thumbnail: toThumbnail(image),
    width,
    height,
    orientation,
    extremes,
    showable: extremes === null && imageInfo(bytes).format !== 'tiff',
    notices: [...notices, ...shapeNotices(image, framing.fit)],
  };
}

/** Fewer pixels a side say little to a backbone whose features are eight and more pixels wide. */
const SMALL_SIDE = 32;
/** Of the longer to the shorter side: squashed to a square, details lose that factor along the longer one. */
const FAR_FROM_SQUARE = 2.5;

function shapeNotices({ width, height }: RgbImage, fit: Fit): Notice[] {
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  const notices: Notice[] = [];
  if (shorter < SMALL_SIDE) {
    const text = `The image is only ${width} x ${height} pixels: below ${SMALL_SIDE} a side there is little to see.`;
    notices.push({ kind: 'small-image', text });
  }
  if (longer >= FAR_FROM_SQUARE * shorter && fit !== 'tile') {
    const how = fit === 'squash' ? 'squashed to the input' : 'scaled down to fit the input';
    const text = `The image is ${width} x ${height} pixels, far from square: it is ${how}, and small defects may vanish along its longer side. Tiles keep them (--fit tile).`;
    notices.push({ kind: 'narrow-image', text });
  }
  return notices;
}

/** A mask at the size of its image's map (that of the input, unless the image is padded or cut), or its own. */
export interface PreparedMask {
  mask: Mask;
  notices: Notice[];
  /** What is left of its defects: some, none because nothing was marked, or none because they are smaller than a pixel. */
  marks: 'some' | 'nothing' | 'vanished';
}

/**
 * Decodes a ground-truth mask to zeros and ones at the size of its image's map (nearest).
 * @param size null: its own size is kept
 * @param image it belongs to; a mask of another shape is refused
 * @throws the decoder's errors, MaskSizeMismatch
 */
export async function prepareMask(
  bytes: Uint8Array,
  size: number | Framing | null,
  image: MaskedImage,
  { inverted }: Pick<MaskReading, 'inverted'> = {},
): Promise<PreparedMask> {
  const { mask: whole, notices } = await decodeMask(bytes, { inverted, image });
  const mask = size === null ? whole : mapMask(whole, cutOf(image, framingFrom(size)));
  const marks = mask.data.includes(1) ? 'some' : whole.data.includes(1) ? 'vanished' : 'nothing';
  return { mask, notices, marks };
}

const mapMask = (whole: Mask, { columns, rows }: Cut): Mask =>
  resizeMask(whole, columns.map.size, rows.map.size);
