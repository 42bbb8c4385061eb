// One entry of an archive as an archive of its own over the same bytes. What the unpacker keeps of an entry is some six
// kilobytes; of a hundred thousand entries only the place in the list is kept, and the entry is read again when it is wanted.
import type { ZipSource } from './source';

/** Where an entry's record stands in the archive's list, and the entry in the archive. */
export interface EntryPlace {
  /** Of the list, in the source. */
  directory: number;
  /** Of the record, in the source. */
  start: number;
  end: number;
  /** Of the entry, in the source; the record may count from elsewhere. */
  offset: number;
}

const OFFSET_AT = 42;
const IN_EXTRA_FIELD = 0xffffffff;

/** The source up to its list, then the record alone and the ends of a list of one. */
export async function oneEntry(source: ZipSource, place: EntryPlace): Promise<ZipSource> {
  const { directory, start, end, offset } = place;
  const record = new Uint8Array(await source.slice(start, end).arrayBuffer());
  const view = new DataView(record.buffer);
  if (
    record.length > OFFSET_AT + 4 &&
    view.getUint32(OFFSET_AT, true) !== IN_EXTRA_FIELD &&
    offset < IN_EXTRA_FIELD
  )
    view.setUint32(OFFSET_AT, offset, true);
  const tail = new Blob([record, listEnd(directory, record.length)]);
  return {
    size: directory + tail.size,
    slice(from, to) {
      const inTail = () => tail.slice(Math.max(0, from - directory), Math.max(0, to - directory));
      if (from >= directory) return inTail();
      const before = source.slice(from, Math.min(to, directory));
      if (to <= directory) return before;
      return {
        arrayBuffer: async () => new Blob([await before.arrayBuffer(), inTail()]).arrayBuffer(),
      };
    },
  };
}

/**
 * The end of a list of one record, with 64-bit fields wherever the list stands. Source: APPNOTE.TXT 6.3.10, sections
 * 4.3.14 to 4.3.16.
 */
function listEnd(directory: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(56 + 20 + 22);
  const view = new DataView(bytes.buffer);
  const u32 = (at: number, value: number) => view.setUint32(at, value, true);
  const u64 = (at: number, value: number) => view.setBigUint64(at, BigInt(value), true);
  u32(0, 0x06064b50);
  u64(4, 44);
  view.setUint16(12, 45, true);
  view.setUint16(14, 45, true);
  u64(24, 1);
  u64(32, 1);
  u64(40, length);
  u64(48, directory);
  u32(56, 0x07064b50);
  u64(64, directory + length);
  u32(72, 1);
  u32(76, 0x06054b50);
  view.setUint16(84, 0xffff, true);
  view.setUint16(86, 0xffff, true);
  u32(88, IN_EXTRA_FIELD);
  u32(92, IN_EXTRA_FIELD);
  return bytes;
}
