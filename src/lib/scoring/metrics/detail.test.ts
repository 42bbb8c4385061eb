import { describe, expect, it } from 'vitest';
import { Random } from '../../nn/random';
import { curvesOf, pixelDetailOf, resampleAll } from './detail';
import { imagePixels } from './imagePixels';
import { saturatedRegions } from './saturation';
import { summarise } from './summary';

const evaluated = {
  scores: [1, 2, 2.5, 3, 5, 4, 6, 7, 9],
  labels: [0, 0, 1, 1, 0, 0, 1, 1, null] as (0 | 1 | null)[],
  types: [
    'nut/good',
    'nut/good',
    'nut/bent',
    'nut/bent',
    'cap/good',
    'cap/good',
    'cap/torn',
    'cap/torn',
    'cap/x',
  ],
};
const randomFor = (name: string) => Random.stream(0, `bootstrap ${name}`);

describe('details of an evaluation', () => {
  it('resamples all images and each class', () => {
    const { all, perClass } = resampleAll(evaluated, summarise(evaluated), { count: 20, randomFor });
    expect(Object.keys(perClass)).toEqual(['nut', 'cap']);
    expect(all.image_auroc).toHaveLength(20);
    expect(perClass['nut']!.image_auroc).toEqual(new Float32Array(20).fill(1));
    expect(perClass['nut']!.pixel_ap).toBeNull();
  });

  it('draws curves of what there is', () => {
    const { image, pixel } = curvesOf(evaluated);
    expect(image!.roc.x).toContain(0.5);
    expect(image!.pr.y.at(-1)).toBeLessThan(1);
    expect(pixel).toBeNull();
    expect(curvesOf({ ...evaluated, labels: evaluated.labels.map(() => null) }).image).toBeNull();
  });

  it('gives figures over pixels in the order of the images, null where an image has none', () => {
    const size = { width: 400, height: 500 };
    const map = (values: number[]) => {
      const all = new Float32Array(200_000);
      all.set(values);
      return { ...size, values: all };
    };
    const mask = (count: number) => ({ ...size, data: new Uint8Array(200_000).fill(1, 0, count) });
    const pixels = [
      imagePixels({ map: map([3, 3, 2]), mask: null }),
      imagePixels({ map: map([9, 9, 9, 1]), mask: mask(4) }),
      null,
      imagePixels({ map: map([1, 9]), mask: mask(2) }),
    ];
    const labels = [0, 1, 1, 1] as const;
    const detail = pixelDetailOf({ labels: [...labels], pixels }, { share: 0.5 });
    // A score of 1 is found from a rate of 1.5e-5 on: three of 200,000 normal pixels lie above it.
    const late = 1 - Math.log10(1.5);
    const wanted = [null, (3 + late) / 4, null, (1 + late) / 2];
    detail.aupimoImages.forEach((value, i) =>
      wanted[i] === null ? expect(value).toBeNull() : expect(value).toBeCloseTo(wanted[i]!, 12),
    );
    expect(detail.aupimo).toBeCloseTo((wanted[1]! + wanted[3]!) / 2, 12);
    expect(detail.spro05).toBe(1);
    expect(pixelDetailOf({ labels: [...labels] }, null)).toEqual({
      ...{ f1Max: null, aupro05: null, spro05: null, aupimo: null, aupimoImages: [null, null, null, null] },
    });
  });

  it('takes regions as their set tells them apart, each with a saturation of its own', () => {
    const size = { width: 100, height: 10 };
    const mask = (...pixels: number[]) => {
      const data = new Uint8Array(1000);
      pixels.forEach((pixel) => (data[pixel] = 1));
      return { ...size, data };
    };
    const map = (...highest: number[]) => {
      const values = new Float32Array(1000);
      highest.forEach((pixel, i) => (values[pixel] = 100 - i));
      return { ...size, values };
    };
    const anomalous = map(0, 1, 500);
    const regions = [
      // Two pieces that are one defect, found whole at two pixels; half of another; a third that has no pixel here.
      { mask: mask(0, 1, 20, 21), saturation: { pixels: 2 } },
      { mask: mask(500, 502), saturation: { share: 1 } },
      { mask: mask(), saturation: { share: 1 } },
    ];
    const pixels = [imagePixels({ map: map(), mask: null }), imagePixels({ map: anomalous, mask: mask(0, 1, 20, 21, 500, 502) })]; // prettier-ignore
    const detail = pixelDetailOf({ labels: [0, 1], pixels }, null, [null, saturatedRegions(anomalous, regions)]); // prettier-ignore
    // Beyond these three, all pixels are equal: found with all normal ones, along a straight line up to 1.
    expect(detail.spro05).toBeCloseTo((1 + 0.5 + (0.5 * 0.05) / 2) / 2, 12);
    expect(pixelDetailOf({ labels: [0, 1], pixels }, { share: 1 }).spro05).toBeLessThan(detail.spro05!);
    // An image that its set says nothing of counts with the regions of its mask.
    const both = pixelDetailOf({ labels: [0, 1, 1], pixels: [...pixels, pixels[1]!] }, null, [null, saturatedRegions(anomalous, regions), null]); // prettier-ignore
    expect(both.spro05).toBeLessThan(detail.spro05!);
  });
});
