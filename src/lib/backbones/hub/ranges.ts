// Which bytes of a remote file to ask for: the needed tensors' ranges, merged where asking twice would cost more
// than reading what lies between. Pure arithmetic.

/** Bytes [begin, end) of a file. */
export interface ByteRange {
  begin: number;
  end: number;
}

/** A hole of this size is read rather than skipped: at 20 Mbit/s it takes as long as one more request. */
export const MERGE_GAP_BYTES = 256 * 1024;

/** Covers all ranges with as few as pays, sorted; holes of up to `gap` bytes are read along. */
export function mergeRanges(ranges: readonly ByteRange[], gap = MERGE_GAP_BYTES): ByteRange[] {
  const merged: ByteRange[] = [];
  for (const { begin, end } of [...ranges].sort((a, b) => a.begin - b.begin)) {
    const last = merged.at(-1);
    if (last && begin <= last.end + gap) last.end = Math.max(last.end, end);
    else if (end > begin) merged.push({ begin, end });
  }
  return merged;
}

/** What of `range` is not in [0, known) yet. */
export function beyond(range: ByteRange, known: number): ByteRange {
  return { begin: Math.max(range.begin, known), end: Math.max(range.end, known) };
}

/** Sum of the sizes. */
export function totalBytes(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { begin, end }) => sum + end - begin, 0);
}
