import { describe, expect, it } from 'vitest';
import { turnedImage, turnedInside } from './turn';

/** Each pixel's number as its colour. */
const counted = (width: number, height: number) => ({
  width,
  height,
  data: Uint8Array.from({ length: 3 * width * height }, (_, i) => Math.floor(i / 3)),
});
const reds = ({ data }: { data: Uint8Array }) => [...data].filter((_, i) => i % 3 === 0);

describe('a turned image', () => {
  it('is itself after no turn and after a full one', () => {
    const image = counted(4, 3);
    expect(turnedImage(image, 0)).toBe(image);
    expect(turnedImage(image, 8)).toBe(image);
  });

  it('is exact at quarters: a square turns clockwise, half a turn reverses', () => {
    expect(reds(turnedImage(counted(3, 3), 2))).toEqual([6, 3, 0, 7, 4, 1, 8, 5, 2]);
    expect(reds(turnedImage(counted(4, 3), 4))).toEqual(reds(counted(4, 3)).reverse());
    expect(reds(turnedImage(turnedImage(counted(3, 3), 2), -2))).toEqual(reds(counted(3, 3)));
  });

  it('keeps its size and a constant at every eighth, mirrored beyond its edges', () => {
    const grey = { width: 5, height: 9, data: new Uint8Array(135).fill(77) };
    for (let eighth = 1; eighth < 8; eighth++) {
      expect(turnedImage(grey, eighth)).toEqual(grey);
    }
  });

  it('leaves padding where it is', () => {
    const padded = { ...counted(4, 4), filled: { width: 2, height: 2 } };
    const turned = turnedInside(padded, 4);
    expect(turned.filled).toEqual({ width: 2, height: 2 });
    expect(reds(turned).slice(0, 2)).toEqual([5, 4]);
    expect(reds(turned)[2]).toBe(124);
  });
});
