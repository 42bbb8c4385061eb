// The outline of a mask: bright within, dark without, nothing elsewhere but the tint.
import { describe, expect, it } from 'vitest';
import { paintMask, type Tint } from './paintMask';

const kinds = (pixels: Uint8ClampedArray, width: number) =>
  Array.from({ length: pixels.length / 4 / width }, (_, y) =>
    Array.from({ length: width }, (_, x) => {
      const [red, , , alpha] = pixels.slice(4 * (y * width + x), 4 * (y * width + x) + 4);
      if (alpha === 0) return '.';
      return red === 0 && alpha! < 255 ? '#' : alpha === 255 ? 'o' : 't';
    }).join(''),
  );
const painted = (tint: Tint) => {
  const width = 7;
  const data = Uint8Array.from({ length: 49 }, (_, i) => Number(i % 7 < 4 && i / 7 >= 1 && i / 7 < 5));
  return kinds(paintMask({ width, height: 7, data }, tint), width);
};

describe('paintMask', () => {
  it('draws a line inside the mask’s edge and a casing around it, also along the image’s edge', () => {
    expect(painted(0)).toEqual(['####...', 'oooo#..', 'o..o#..', 'o..o#..', 'oooo#..', '####...', '.......']);
  });
  it('tints the inside while it is drawn', () => {
    expect(painted(90)[2]).toBe('otto#..');
  });
});
