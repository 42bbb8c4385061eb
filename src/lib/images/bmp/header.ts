// The header of a Windows bitmap. Source: Microsoft, "Bitmap storage" (BITMAPFILEHEADER, BITMAPINFOHEADER and its
// successors, BITMAPCOREHEADER). Only pictures without compression are read: what inspection cameras write.
import type { ByteView } from '../byteView';
import { Damaged, UnsupportedImage } from '../errors';

export interface BmpHeader {
  width: number;
  height: number;
  /** Rows from the top down; ordinary files run from the bottom up. */
  topDown: boolean;
  /** Bits a pixel. */
  depth: 1 | 4 | 8 | 24 | 32;
  /** Where the palette begins, its entries and the bytes of one; no entries above 8 bits. */
  palette: { at: number; entries: number; entryBytes: 3 | 4 };
  /** Where the rows begin. */
  pixels: number;
}

const FILE_HEADER_BYTES = 14;
const CORE_HEADER_BYTES = 12;
const INFO_HEADER_BYTES = 40;
const UNCOMPRESSED = 0;
const BIT_FIELDS = 3;
/** Red, green and blue of 32-bit pixels in their usual places. */
const USUAL_FIELDS = [0xff0000, 0xff00, 0xff];

/** Size and kind. @throws Truncated, Damaged, or UnsupportedImage for compressed and 16-bit bitmaps */
export function readBmpHeader(view: ByteView): BmpHeader {
  const headerBytes = view.u32(FILE_HEADER_BYTES, true);
  if (headerBytes !== CORE_HEADER_BYTES && headerBytes < INFO_HEADER_BYTES)
    throw new Damaged(`its header has ${headerBytes} bytes`);
  const fields = headerBytes === CORE_HEADER_BYTES ? coreFields(view) : infoFields(view);
  const { width, height, depth } = fields;
  if (width <= 0 || height === 0) throw new Damaged('its header gives no size');
  const pixels = view.u32(10, true);
  const paletteAt = FILE_HEADER_BYTES + headerBytes;
  const entries = depth > 8 ? 0 : Math.min(fields.colours || 2 ** depth, 2 ** depth);
  const entryBytes = headerBytes === CORE_HEADER_BYTES ? 3 : 4;
  if (pixels < paletteAt + entries * entryBytes) throw new Damaged('its pixels overlap its header');
  const palette = { at: paletteAt, entries, entryBytes } as const;
  return { width, height: Math.abs(height), topDown: height < 0, depth, palette, pixels };
}

interface Fields {
  width: number;
  /** Negative: from the top down. */
  height: number;
  depth: BmpHeader['depth'];
  colours: number;
}

function coreFields(view: ByteView): Fields {
  const [width, height] = [view.u16(18, true), view.u16(20, true)];
  return { width, height, depth: checkDepth(view.u16(24, true)), colours: 0 };
}

function infoFields(view: ByteView): Fields {
  const [width, height] = [view.u32(18, true) | 0, view.u32(22, true) | 0];
  const depth = checkDepth(view.u16(28, true));
  const compression = view.u32(30, true);
  if (compression === BIT_FIELDS && depth === 32) checkBitFields(view);
  else if (compression !== UNCOMPRESSED) throw new UnsupportedImage('A compressed BMP image');
  return { width, height, depth, colours: view.u32(46, true) };
}

function checkDepth(depth: number): BmpHeader['depth'] {
  if (depth === 16) throw new UnsupportedImage('A BMP image of 16 bits a pixel');
  if (depth !== 1 && depth !== 4 && depth !== 8 && depth !== 24 && depth !== 32)
    throw new Damaged(`its header says ${depth} bits a pixel`);
  return depth;
}

function checkBitFields(view: ByteView): void {
  const usual = USUAL_FIELDS.every((mask, i) => view.u32(54 + 4 * i, true) === mask);
  if (!usual) throw new UnsupportedImage('A BMP image with unusual colour fields');
}
