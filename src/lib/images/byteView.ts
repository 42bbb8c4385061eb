// Bounds-checked reading of numbers from a file. Every header reader goes through this: a read past the end says
// that the file is cut short instead of returning undefined.
import { Truncated } from './errors';

export class ByteView {
  readonly #view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.byteLength;
  }

  u8(at: number): number {
    this.#need(at, 1);
    return this.#view.getUint8(at);
  }

  u16(at: number, littleEndian = false): number {
    this.#need(at, 2);
    return this.#view.getUint16(at, littleEndian);
  }

  u32(at: number, littleEndian = false): number {
    this.#need(at, 4);
    return this.#view.getUint32(at, littleEndian);
  }

  /** `length` bytes as one character each. */
  ascii(at: number, length: number): string {
    return String.fromCharCode(...this.slice(at, length));
  }

  /** A view of `length` bytes, not a copy. */
  slice(at: number, length: number): Uint8Array {
    this.#need(at, length);
    return this.bytes.subarray(at, at + length);
  }

  #need(at: number, length: number): void {
    if (at + length > this.length) throw new Truncated();
  }
}
