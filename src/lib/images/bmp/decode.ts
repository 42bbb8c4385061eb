// BMP decoder: rows of palette indices or BGR(X) bytes -> RGB. Everything is bounds-checked against the file first.
import type { ByteView } from '../byteView';
import { Damaged } from '../errors';
import type { StoredPicture } from '../storedPicture';
import { readBmpHeader, type BmpHeader } from './header';

/** Decodes an uncompressed BMP of 1, 4, 8, 24 or 32 bits a pixel. @throws what readBmpHeader throws */
export function decodeBmp(view: ByteView): StoredPicture {
  const header = readBmpHeader(view);
  const { width, height, depth, topDown, pixels } = header;
  // Rows are filled up to whole 32-bit words.
  const rowBytes = Math.ceil((width * depth) / 32) * 4;
  const rows = view.slice(pixels, rowBytes * height);
  const data = new Uint8Array(3 * width * height);
  const fill = depth > 8 ? directRow(depth / 8) : paletteRow(header, view);
  for (let y = 0; y < height; y++) {
    const from = (topDown ? y : height - 1 - y) * rowBytes;
    fill(rows.subarray(from, from + rowBytes), data.subarray(3 * y * width, 3 * (y + 1) * width));
  }
  return { image: { width, height, data }, orientation: 1, animated: false, hasAlpha: false, notices: [] };
}

type FillRow = (row: Uint8Array, rgb: Uint8Array) => void;

/** Blue, green, red and, at 32 bits, a byte that nothing defines. */
const directRow =
  (pixelBytes: number): FillRow =>
  (row, rgb) => {
    for (let to = 0, from = 0; to < rgb.length; to += 3, from += pixelBytes) {
      rgb[to] = row[from + 2]!;
      rgb[to + 1] = row[from + 1]!;
      rgb[to + 2] = row[from]!;
    }
  };

function paletteRow({ depth, palette }: BmpHeader, view: ByteView): FillRow {
  const { at, entries, entryBytes } = palette;
  const colours = view.slice(at, entries * entryBytes);
  const perByte = 8 / depth;
  const mask = 2 ** depth - 1;
  return (row, rgb) => {
    for (let to = 0, x = 0; to < rgb.length; to += 3, x++) {
      // The leftmost pixel stands in the highest bits.
      const shift = 8 - depth * ((x % perByte) + 1);
      const index = (row[Math.floor(x / perByte)]! >> shift) & mask;
      if (index >= entries) throw new Damaged('a pixel names a colour outside its palette');
      rgb[to] = colours[index * entryBytes + 2]!;
      rgb[to + 1] = colours[index * entryBytes + 1]!;
      rgb[to + 2] = colours[index * entryBytes]!;
    }
  };
}
