import { describe, expect, it } from 'vitest';
import { readOrientation } from './exif';
import { concat, latin1 } from './fixtures/build';

/** A TIFF block whose directory holds one unrelated tag and the orientation. */
function block(littleEndian: boolean, orientation: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(38));
  const put16 = (at: number, value: number) => view.setUint16(at, value, littleEndian);
  const put32 = (at: number, value: number) => view.setUint32(at, value, littleEndian);
  view.setUint16(0, littleEndian ? 0x4949 : 0x4d4d);
  put16(2, 42);
  put32(4, 8);
  put16(8, 2);
  for (const [at, tag, value] of [
    [10, 0x010f, 99],
    [22, 0x0112, orientation],
  ] as const) {
    put16(at, tag);
    put16(at + 2, 3);
    put32(at + 4, 1);
    put16(at + 8, value);
  }
  return new Uint8Array(view.buffer);
}

describe('readOrientation', () => {
  it('reads both byte orders, with and without the prefix', () => {
    for (const littleEndian of [true, false]) {
      for (let orientation = 1; orientation <= 8; orientation++) {
        const tiff = block(littleEndian, orientation);
        expect(readOrientation(tiff)).toBe(orientation);
        expect(readOrientation(concat(latin1('Exif\0\0'), tiff))).toBe(orientation);
      }
    }
  });

  it('takes anything odd for upright', () => {
    const whole = block(true, 6);
    expect(readOrientation(block(true, 0))).toBe(1);
    expect(readOrientation(block(true, 9))).toBe(1);
    expect(readOrientation(latin1('no exif at all'))).toBe(1);
    for (let length = 0; length < 32; length++) expect(readOrientation(whole.subarray(0, length))).toBe(1);
  });

  it('takes a directory that points outside for upright', () => {
    const far = block(true, 6);
    new DataView(far.buffer).setUint32(4, 0xffff_fff0, true);
    expect(readOrientation(far)).toBe(1);
  });
});
