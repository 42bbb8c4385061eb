// From a PNG's compressed data to its plain scanlines: inflate, then undo the filters, in place. Nothing grows
// beyond the size that the header promises, whatever the data says. Source: PNG specification, sections 9 and 10.
import { Unzlib } from 'fflate';
import { Damaged, Truncated } from '../errors';

/** Deflate can make a thousand bytes out of one: fed in slices, no more than 17 MB is ever produced in excess. */
const SLICE_BYTES = 16_384;

/**
 * Inflates a zlib stream that came in parts to exactly `size` bytes; what it holds beyond them is never produced.
 * @throws Truncated when it holds fewer, Damaged when it is no zlib stream
 */
export function inflateExactly(parts: Iterable<Uint8Array>, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let filled = 0;
  const stream = new Unzlib((piece) => {
    const kept = piece.subarray(0, size - filled);
    out.set(kept, filled);
    filled += kept.length;
  });
  for (const slice of slices(parts)) {
    if (filled === size) break;
    push(stream, slice);
  }
  if (filled < size) throw new Truncated('its compressed data ends before its last row');
  return out;
}

function* slices(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += SLICE_BYTES) yield part.subarray(at, at + SLICE_BYTES);
  }
}

function push(stream: Unzlib, slice: Uint8Array): void {
  try {
    stream.push(slice);
  } catch (error) {
    throw new Damaged('its compressed data is broken', { cause: error });
  }
}

type Undo = (row: Uint8Array, above: Uint8Array, pixelBytes: number) => void;

/** Index: the filter byte that stands before each row. Left of the first pixel and above the first row is zero. */
const FILTERS: Undo[] = [() => undefined, undoSub, undoUp, undoAverage, undoPaeth];

/**
 * Undoes the filters of `rows` scanlines in place; each is one filter byte and `rowBytes` bytes.
 * @param pixelBytes bytes from a sample to the same sample of the pixel before it, at least 1
 * @throws Damaged for an unknown filter
 */
export function unfilter(lines: Uint8Array, rows: number, rowBytes: number, pixelBytes: number): void {
  let above: Uint8Array = new Uint8Array(rowBytes);
  for (let y = 0; y < rows; y++) {
    const start = y * (rowBytes + 1);
    const row = lines.subarray(start + 1, start + 1 + rowBytes);
    const undo = FILTERS[lines[start]!];
    if (!undo) throw new Damaged(`row ${y} names an unknown filter`);
    undo(row, above, pixelBytes);
    above = row;
  }
}

function undoSub(row: Uint8Array, _above: Uint8Array, pixelBytes: number): void {
  for (let i = pixelBytes; i < row.length; i++) row[i]! += row[i - pixelBytes]!;
}

function undoUp(row: Uint8Array, above: Uint8Array): void {
  for (let i = 0; i < row.length; i++) row[i]! += above[i]!;
}

function undoAverage(row: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  for (let i = 0; i < row.length; i++) {
    const left = i < pixelBytes ? 0 : row[i - pixelBytes]!;
    row[i]! += (left + above[i]!) >> 1;
  }
}

function undoPaeth(row: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  for (let i = 0; i < row.length; i++) {
    const first = i < pixelBytes;
    row[i]! += nearest(first ? 0 : row[i - pixelBytes]!, above[i]!, first ? 0 : above[i - pixelBytes]!);
  }
}

/** Paeth's predictor: whichever of left, up and corner is nearest to left + up - corner, in this order of preference. */
function nearest(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
