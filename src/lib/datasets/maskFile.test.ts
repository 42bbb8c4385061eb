import { describe, expect, it } from 'vitest';
import { encodePng } from '../formats/png';
import { decodeMask } from '../images/decode';
import { uniteMasks } from './maskFile';

const png = (width: number, ...values: number[]) =>
  encodePng({ width, height: values.length / width, data: Uint8Array.from(values) });
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
const labelme = (shape: object) =>
  new TextEncoder().encode(JSON.stringify({ shapes: [{ shape_type: 'mask', points: [[1, 1], [3, 2]], ...shape }], imageWidth: 5, imageHeight: 3 })); // prettier-ignore
const unite = (shape: object) => uniteMasks([{ path: 'a.json', bytes: labelme(shape) }], 'a.png');

describe('shapes of labelme that are pictures', () => {
  it('lie between their corners', async () => {
    const united = await unite({ mask: base64(png(3, 0, 255, 0, 255, 255, 0)) });
    expect((await decodeMask(united)).mask.data.join('')).toBe('000000010001100');
  });

  it.each([
    ['of another size than their corners say', { mask: base64(png(2, 0, 255)) }, /another size/],
    ['outside of their image', { mask: base64(png(1, 1)), points: [[5, 1], [5, 1]] }, /outside/], // prettier-ignore
    ['without a picture', {}, /no picture/],
    ['in no base64', { mask: '!' }, /base64/],
    ['of something else', { mask: btoa('GIF89a and so on') }, /not/],
  ])('are refused %s', async (_, shape, message) => {
    await expect(unite(shape)).rejects.toThrow(message);
  });
});
