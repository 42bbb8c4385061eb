import { describe, expect, it } from 'vitest';
import { decodeImage } from '../images/decode';
import { encodePng } from './png';

const [width, height] = [5, 3];
const values = (channels: number) =>
  Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 37) % 256);

describe('encodePng', () => {
  it('writes RGB that decodes to the same pixels', async () => {
    const { image } = await decodeImage(encodePng({ width, height, data: values(3) }));
    expect(image).toEqual({ width, height, data: values(3) });
  });

  it('writes grey and RGBA', async () => {
    const grey = await decodeImage(encodePng({ width, height, data: values(1) }));
    expect([...grey.image.data].filter((_, i) => i % 3 === 0)).toEqual([...values(1)]);
    const rgba = await decodeImage(encodePng({ width, height, data: values(4) }));
    expect([...rgba.image.data]).toEqual([...values(4)].filter((_, i) => i % 4 !== 3));
  });

  it('refuses data of another size', () => {
    expect(() => encodePng({ width, height, data: new Uint8Array(7) })).toThrow(RangeError);
  });
});
