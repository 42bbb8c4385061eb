import { describe, expect, it } from 'vitest';
import { NotANumber, SizeMismatch } from './errors';
import { imagePixels, type MaskedMap } from './imagePixels';
import { pixelFigures } from './pixels';
import { connectedRegions } from './regions';
import { auroc, averagePrecision } from './scores';

const WIDTH = 12;
const PIXELS = WIDTH * WIDTH;

/** A map with many ties and a mask of two regions. */
function example(phase: number): MaskedMap {
  const values = Float32Array.from({ length: PIXELS }, (_, i) => Math.round(6 * Math.sin(i * 7.3 + phase)));
  const data = Uint8Array.from({ length: PIXELS }, (_, i) => (i % WIDTH < 3 || i > PIXELS - 5 ? 1 : 0));
  data.fill(0, 48, 72);
  data.forEach((inside, i) => (values[i]! += 4 * inside));
  return {
    map: { width: WIDTH, height: WIDTH, values },
    mask: { width: WIDTH, height: WIDTH, data },
  };
}

const images = [example(0), example(1), { ...example(2), mask: null }];

/** The curve drawn threshold by threshold, as MVTec's evaluation does it. */
function auproByThresholds(limit: number): number {
  const pixels = images.flatMap(({ map, mask }, image) => {
    const labels = mask ? connectedRegions(mask).labels : new Int32Array(PIXELS);
    return [...map.values].map((value, i) => ({ value, region: labels[i] ? `${image}/${labels[i]}` : '' }));
  });
  const regions = [...new Set(pixels.map(({ region }) => region))].filter((region) => region !== '');
  const share = (region: string, threshold: number) => {
    const members = pixels.filter((pixel) => pixel.region === region);
    return members.filter(({ value }) => value >= threshold).length / members.length;
  };
  const thresholds = [...new Set(pixels.map(({ value }) => value))].sort((a, b) => b - a);
  let [x, y, area] = [0, 0, 0];
  for (const threshold of thresholds) {
    const nextX = share('', threshold);
    const nextY = regions.reduce((sum, region) => sum + share(region, threshold), 0) / regions.length;
    if (nextX > limit) {
      const yAtLimit = y + ((nextY - y) * (limit - x)) / (nextX - x);
      return (area + ((limit - x) * (y + yAtLimit)) / 2) / limit;
    }
    area += ((nextX - x) * (y + nextY)) / 2;
    [x, y] = [nextX, nextY];
  }
  return area / limit;
}

describe('figures over pixels', () => {
  const pixels = images.map(imagePixels);

  it.each([0.05, 0.3, 1])('AUPRO up to %f agrees with drawing the curve threshold by threshold', (limit) => {
    expect(pixelFigures(pixels, limit).aupro).toBeCloseTo(auproByThresholds(limit), 12);
  });

  it('pixel AUROC and AP agree with the image figures on the same list', () => {
    const scores = images.flatMap(({ map }) => [...map.values]);
    const labels = images.flatMap(({ mask }) => [...(mask?.data ?? new Uint8Array(PIXELS))]);
    const figures = pixelFigures(pixels);
    expect(figures.auroc).toBeCloseTo(auroc(scores, labels)!, 12);
    expect(figures.averagePrecision).toBeCloseTo(averagePrecision(scores, labels)!, 12);
  });

  it('says null without defect pixels or without normal ones', () => {
    const normalOnly = [imagePixels({ ...images[0]!, mask: null })];
    const full = { width: WIDTH, height: WIDTH, data: new Uint8Array(PIXELS).fill(1) };
    const defectOnly = [imagePixels({ ...images[0]!, mask: full })];
    const undefinedFigures = { auroc: null, averagePrecision: null, aupro: null };
    expect(pixelFigures(normalOnly)).toEqual(undefinedFigures);
    expect(pixelFigures(defectOnly)).toEqual(undefinedFigures);
  });

  it('ranks alike whether a bucket of like values is small or large', () => {
    // Narrow values share their upper halves: thousands in one bucket; wide ones have buckets of their own.
    for (const spread of [1e-3, 1e6]) {
      const values = Float32Array.from({ length: 4 * 4096 }, (_, i) => 1 + spread * Math.sin(i * 12.9898));
      const data = Uint8Array.from(values, (_, i) => (i % 64 < 8 ? 1 : 0));
      const size = { width: 128, height: 128 };
      const figures = pixelFigures([imagePixels({ map: { ...size, values }, mask: { ...size, data } })]);
      expect(figures.auroc).toBeCloseTo(auroc(values, data)!, 12);
      expect(figures.averagePrecision).toBeCloseTo(averagePrecision(values, data)!, 12);
    }
  });

  it('keeps two bytes a normal pixel and nothing of the map', () => {
    const { map } = example(0);
    const { normals, defects } = imagePixels({ map, mask: null });
    expect(normals.lows.byteLength).toBe(2 * PIXELS);
    expect(normals.lows.buffer).not.toBe(map.values.buffer);
    expect(defects.length).toBe(0);
  });

  it('refuses NaN in a map and a mask of another size', () => {
    const { map, mask } = example(0);
    const broken = { ...map, values: map.values.slice().fill(NaN, 3, 4) };
    expect(() => imagePixels({ map: broken, mask: null })).toThrow(NotANumber);
    expect(() => imagePixels({ map, mask: { ...mask!, width: 6, height: 24 } })).toThrow(SizeMismatch);
    expect(() => imagePixels({ map: { ...map, width: 13 }, mask: null })).toThrow(SizeMismatch);
  });
});
