// PNG decoder: chunks -> scanlines -> pixels. Our own, on fflate's inflate: the JavaScript decoders we tried misread
// interlaced files below 8 bits or inflate without a bound.
import type { ByteView } from '../byteView';
import { Damaged } from '../errors';
import { readOrientation } from '../exif';
import type { Orientation } from '../orientation';
import type { Purpose, StoredPicture } from '../storedPicture';
import { DRAWN_MASK, pngChunks } from './chunks';
import { COLOR_TYPES, readPngHeader, type PngHeader } from './header';
import { alphaCanvas, indexCanvas, pictureCanvas, rowsOf } from './pixels';

/** Decodes a PNG; of an animated one the default picture. @throws Truncated or Damaged */
export function decodePng(view: ByteView, purpose: Purpose = 'image'): StoredPicture {
  const header = readPngHeader(view);
  const parts = readParts(view);
  const hasPalette = header.colorType === COLOR_TYPES.palette;
  if (hasPalette && !parts.palette) throw new Damaged('its palette is missing');
  const colours = pictureCanvas(header, parts.palette);
  const asMask = purpose === 'mask';
  const indexed = asMask && hasPalette ? indexCanvas(header) : null;
  const channel = asMask && header.colorType >= COLOR_TYPES.greyAlpha ? alphaCanvas(header) : null;
  // Row by row: of a large picture only its pixels are held.
  for (const row of rowsOf(parts.compressed, header)) {
    colours.put(row);
    indexed?.put(row);
    channel?.put(row);
  }
  const image = colours.content;
  const hasAlpha = parts.transparent !== null || header.colorType >= COLOR_TYPES.greyAlpha;
  const picture = { image, orientation: parts.orientation, animated: parts.animated, hasAlpha, notices: [] };
  if (!asMask) return picture;
  const indices = indexed?.content;
  const alpha =
    channel?.content ?? (parts.transparent && keyedAlpha(image, indices, parts.transparent, header));
  return { ...picture, drawnHere: parts.drawnHere, ...(indices && { indices }), ...(alpha && { alpha }) };
}

/** Alpha by colour: of each palette entry, or of the one colour that is to be transparent. */
function keyedAlpha(
  { width, height, data }: StoredPicture['image'],
  indices: Uint8Array | undefined,
  transparent: Uint8Array,
  { depth, colorType }: PngHeader,
): Uint8Array {
  if (indices) return indices.map((index) => transparent[index] ?? 255);
  const channels = colorType === COLOR_TYPES.rgb ? 3 : 1;
  if (transparent.length < 2 * channels) return new Uint8Array(width * height).fill(255);
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  const key = Array.from(
    { length: channels },
    (_, c) => ((transparent[2 * c]! << 8) | transparent[2 * c + 1]!) * scale,
  );
  const stride = data.length / (width * height);
  return Uint8Array.from({ length: width * height }, (_, pixel) =>
    key.every((value, c) => data[stride * pixel + c] === value) ? 0 : 255,
  );
}

interface PngParts {
  compressed: Uint8Array[];
  palette: Uint8Array | null;
  orientation: Orientation;
  /** What the tRNS chunk says of alpha. */
  transparent: Uint8Array | null;
  animated: boolean;
  drawnHere: boolean;
}

const saysDrawnHere = (text: Uint8Array): boolean =>
  String.fromCharCode(...text.subarray(0, DRAWN_MASK.length + 1)) === `${DRAWN_MASK}\0`;

function readParts(view: ByteView): PngParts {
  const parts: PngParts = {
    compressed: [],
    palette: null,
    orientation: 1,
    transparent: null,
    animated: false,
    drawnHere: false,
  };
  for (const { type, data } of pngChunks(view)) {
    if (type === 'IDAT') parts.compressed.push(data);
    else if (type === 'PLTE') parts.palette = data;
    else if (type === 'eXIf') parts.orientation = readOrientation(data);
    else if (type === 'tRNS') parts.transparent = data;
    else if (type === 'acTL') parts.animated = true;
    else if (type === 'tEXt') parts.drawnHere ||= saysDrawnHere(data);
  }
  return parts;
}
