// The image-level synthetic anomalies: what they change, what they leave alone, that they repeat themselves, and that
// their sizes are the papers'.
import { describe, expect, it } from 'vitest';
import { Random } from '../../nn/random';
import type { Mask, RgbImage } from '../image';
import { augment } from './augment';
import { cutPaste } from './cutPaste';
import { maskOnCells, type PastedImage } from './drawing';
import { perlinNoise } from './noise';
import { perlinPaste } from './perlin';

const WIDTH = 64;
const HEIGHT = 48;
const draws = (seed: number) => Random.stream(seed, 'anomalies');

/** Random colours: no two neighbours alike. */
function noisyImage(seed: number): RgbImage {
  const random = Random.stream(seed, 'picture');
  const data = Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, () => random.int(0, 255));
  return { width: WIDTH, height: HEIGHT, data };
}

const plain = (value: number): RgbImage => ({
  width: WIDTH,
  height: HEIGHT,
  data: new Uint8Array(3 * WIDTH * HEIGHT).fill(value),
});
const areaOf = ({ data }: Mask): number => data.reduce((sum, value) => sum + value, 0);
const image = noisyImage(1);
const texture = noisyImage(2);

const SOURCES: [string, (seed: number) => PastedImage][] = [
  ['cutPaste', (seed) => cutPaste(image, draws(seed))],
  ['perlinPaste', (seed) => perlinPaste(image, texture, draws(seed))],
];

describe.each(SOURCES)('%s', (_, paste) => {
  it('changes pixels under its mask alone, and always some but not all', () => {
    for (let seed = 0; seed < 60; seed++) {
      const { image: pasted, mask } = paste(seed);
      expect([pasted.width, pasted.height, mask.data.length]).toEqual([WIDTH, HEIGHT, WIDTH * HEIGHT]);
      const outside = pasted.data.every(
        (value, i) => mask.data[Math.floor(i / 3)] || value === image.data[i],
      );
      expect(outside).toBe(true);
      expect(areaOf(mask)).toBeGreaterThan(0);
      expect(areaOf(mask)).toBeLessThan(WIDTH * HEIGHT);
      expect(pasted.data).not.toEqual(image.data);
    }
  });

  it('repeats itself under a seed and leaves its input alone', () => {
    const before = image.data.slice();
    expect(paste(5)).toEqual(paste(5));
    expect(paste(6).mask).not.toEqual(paste(5).mask);
    expect(image.data).toEqual(before);
  });
});

describe('cutPaste', () => {
  it('pastes patches of 2 to 15 % of the image, and thin scars', () => {
    const areas = Array.from(
      { length: 80 },
      (_, seed) => areaOf(cutPaste(image, draws(seed)).mask) / WIDTH / HEIGHT,
    );
    const [scars, patches] = [areas.filter((area) => area < 0.018), areas.filter((area) => area >= 0.018)];
    expect(scars.length).toBeGreaterThan(20);
    expect(patches.length).toBeGreaterThan(20);
    // Sides are whole pixels.
    expect(Math.max(...patches)).toBeLessThan(0.165);
  });

  it('takes its piece from the image: on one colour it only recolours, by about a tenth', () => {
    for (let seed = 0; seed < 30; seed++) {
      const { image: pasted } = cutPaste(plain(100), draws(seed));
      for (const value of new Set(pasted.data)) expect(Math.abs(value - 100)).toBeLessThanOrEqual(11);
    }
  });
});

describe('perlinPaste', () => {
  it('blends the texture in, at most replacing the image', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { image: pasted, mask } = perlinPaste(plain(0), plain(0), draws(seed));
      const values = new Set(pasted.data.filter((_, i) => mask.data[Math.floor(i / 3)]));
      // One colour augmented is one colour, up to three values.
      expect(values.size).toBeLessThanOrEqual(3);
    }
  });
});

describe('perlinNoise', () => {
  it('is zero on its lattice, smooth between, and within -1..1', () => {
    const noise = perlinNoise(4, 2, draws(1));
    for (const [u, v] of [[0, 0], [0.25, 0.5], [1, 1], [0.75, 0]] as const) expect(noise(u, v)).toBeCloseTo(0, 12); // prettier-ignore
    let [lowest, highest, jump] = [0, 0, 0];
    for (let u = 0; u < 1; u += 1 / 256) {
      const value = noise(u, 0.3);
      [lowest, highest] = [Math.min(lowest, value), Math.max(highest, value)];
      jump = Math.max(jump, Math.abs(noise(u + 1 / 256, 0.3) - value));
    }
    expect(highest - lowest).toBeGreaterThan(0.2);
    expect(Math.max(highest, -lowest)).toBeLessThanOrEqual(1);
    expect(jump).toBeLessThan(0.1);
  });
});

describe('augment', () => {
  it('makes another picture of the same size, the same one under the same seed', () => {
    const changed = Array.from({ length: 30 }, (_, seed) => augment(image, draws(seed)));
    for (const { data } of changed) expect(data).toHaveLength(image.data.length);
    expect(changed.filter(({ data }) => data.some((value, i) => value !== image.data[i]))).toHaveLength(30);
    expect(augment(image, draws(3))).toEqual(changed[3]);
  });
});

describe('maskOnCells', () => {
  const mask = (rows: string[]): Mask => ({
    width: rows[0]!.length,
    height: rows.length,
    data: Uint8Array.from(rows.join(''), Number),
  });

  it('marks cells that are at least half pasted', () => {
    const cells = maskOnCells(mask(['1100', '1000', '0011', '0001']), 2, 2);
    expect([...cells]).toEqual([1, 0, 0, 1]);
  });

  it('keeps a small anomaly in the cell that has most of it', () => {
    expect([...maskOnCells(mask(['0001', '0000', '0000', '0000']), 2, 2)]).toEqual([0, 1, 0, 0]);
    expect([...maskOnCells(mask(['0000', '0000']), 1, 2)]).toEqual([0, 0]);
  });

  it('takes maps that do not divide the image', () => {
    const cells = maskOnCells(mask(['11100', '11100', '00000', '00000', '00000']), 2, 2);
    expect([...cells]).toEqual([1, 0, 0, 0]);
  });
});
