// A buffer that is filled from its start, chunk by chunk.

export class GrowingBuffer {
  #bytes: Uint8Array;
  #capacity: number;
  length = 0;

  /** @param expected bytes to come; 0 when unknown. */
  constructor(expected: number) {
    this.#bytes = new Uint8Array(expected);
    this.#capacity = expected;
  }

  get full(): boolean {
    return this.length >= this.#capacity;
  }

  /** Corrects the number of bytes to come. */
  expect(bytes: number): void {
    this.#capacity = bytes;
  }

  append(chunk: Uint8Array): void {
    const needed = this.length + chunk.byteLength;
    if (needed > this.#bytes.byteLength) this.#grow(needed);
    this.#bytes.set(chunk, this.length);
    this.length = needed;
  }

  /** What has come so far. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.byteLength));
    larger.set(this.bytes());
    this.#bytes = larger;
  }
}
