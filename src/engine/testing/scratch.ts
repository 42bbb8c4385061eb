// A scratch file in main memory, for tests: as large as asked for, then full.
import type { ScratchFile } from '../features/featureDisk';

export function memoryScratch(capacity: number): ScratchFile & { closed: boolean } {
  const bytes = new Uint8Array(capacity);
  return {
    capacity,
    closed: false,
    write: (at, values) => bytes.set(values, at),
    read: (at, into) => into.set(bytes.subarray(at, at + into.byteLength)),
    close() {
      this.closed = true;
    },
  };
}
