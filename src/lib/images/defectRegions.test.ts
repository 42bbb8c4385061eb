import { describe, expect, it } from 'vitest';
import { encodePng } from '../formats/png';
import { defectRegions } from './defectRegions';

/** A grey picture of 4 x 2 pixels. */
const grey = (...values: number[]) =>
  encodePng({ width: 4, height: 2, data: Uint8Array.from(values.flatMap((value) => [value, value, value])) });
const image = { width: 4, height: 2 };

describe('the defects of an image apart', () => {
  it('are the values of its masks, hanging together or not', async () => {
    const masks = [
      grey(238, 0, 238, 0, 0, 0, 0, 0),
      grey(0, 1, 0, 2, 0, 1, 0, 2),
      grey(0, 0, 0, 0, 0, 0, 0, 0),
    ];
    const regions = await defectRegions(masks, null, image);
    expect(regions.map(({ value, mask, scale }) => [value, mask.data.join(''), scale])).toEqual([
      [238, '10100000', 1],
      [1, '01000100', 1],
      [2, '00010001', 1],
    ]);
  });

  it('are brought to the size of maps, with how many pixels one of these stands for', async () => {
    const [region] = await defectRegions([grey(9, 9, 9, 9, 0, 0, 0, 0)], { width: 2, height: 2 }, image);
    expect([region!.mask.data.join(''), region!.scale]).toEqual(['1100', 2]);
  });
});
