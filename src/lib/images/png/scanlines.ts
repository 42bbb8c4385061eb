// From a PNG's compressed data to its plain scanlines, one after the other: inflated, then the filters undone. Nothing is
// produced beyond the size that the header promises, whatever the data says, and only two rows of it are held. Source: PNG specification, sections 9 and 10.
import { Unzlib } from 'fflate';
import { Damaged, Truncated } from '../errors';

/** Deflate can make a thousand bytes out of one: fed in slices, no more than 17 MB is ever produced in excess. */
const SLICE_BYTES = 16_384;

/** Gives the bytes of a zlib stream that came in parts, as many as are asked for: what it holds beyond is never produced. */
class Inflation {
  readonly #slices: Iterator<Uint8Array>;
  readonly #pieces: Uint8Array[] = [];
  readonly #stream = new Unzlib((piece) => void this.#pieces.push(piece));

  constructor(parts: Iterable<Uint8Array>) {
    this.#slices = slices(parts);
  }

  /** Fills an array with what comes next. @throws Truncated when less comes, Damaged when it is no zlib stream */
  fill(out: Uint8Array): void {
    for (let filled = 0; filled < out.length;) {
      const piece = this.#pieces[0] ?? this.#next();
      const taken = piece.subarray(0, out.length - filled);
      out.set(taken, filled);
      filled += taken.length;
      if (taken.length === piece.length) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(taken.length);
    }
  }

  #next(): Uint8Array {
    while (this.#pieces.length === 0) {
      const { value, done } = this.#slices.next();
      if (done) throw new Truncated('its compressed data ends before its last row');
      push(this.#stream, value);
    }
    return this.#pieces[0]!;
  }
}

/**
 * Inflates a zlib stream that came in parts to exactly `size` bytes.
 * @throws Truncated when it holds fewer, Damaged when it is no zlib stream
 */
export function inflateExactly(parts: Iterable<Uint8Array>, size: number): Uint8Array {
  const out = new Uint8Array(size);
  new Inflation(parts).fill(out);
  return out;
}

/** What scanlines come in: so many, each a filter byte and so many bytes. */
export interface ScanlineBlock {
  height: number;
  rowBytes: number;
}

/**
 * Yields each block's rows, inflated and with their filters undone; of a row's bytes only the next row's are held besides.
 * @param pixelBytes bytes from a sample to the same sample of the pixel before it, at least 1
 * @throws Truncated, Damaged for an unknown filter too
 */
export function* readScanlines<T extends ScanlineBlock>(
  parts: Iterable<Uint8Array>,
  blocks: readonly T[],
  pixelBytes: number,
): Generator<{ block: T; y: number; bytes: Uint8Array }> {
  const inflation = new Inflation(parts);
  for (const block of blocks) {
    let [line, before] = [new Uint8Array(block.rowBytes + 1), new Uint8Array(block.rowBytes + 1)];
    for (let y = 0; y < block.height; y++, [line, before] = [before, line]) {
      inflation.fill(line);
      const undo = FILTERS[line[0]!];
      if (!undo) throw new Damaged(`row ${y} names an unknown filter`);
      const bytes = line.subarray(1);
      undo(bytes, before.subarray(1), pixelBytes);
      yield { block, y, bytes };
    }
  }
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
