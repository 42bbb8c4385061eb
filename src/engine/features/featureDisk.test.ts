// The packed scratch file: maps come back bit for bit, slots are used again, and a full or missing file says so.
import { describe, expect, it } from 'vitest';
import { FeatureDisk, type MapShape } from './featureDisk';
import { memoryScratch } from '../testing/scratch';

const SHAPE: MapShape = [1, 1, 1, 2];
const MAP_BYTES = 8;
const GENEROUS = 1000;

const diskOf = (maps: number, budget = GENEROUS) =>
  new FeatureDisk(async () => memoryScratch(maps * MAP_BYTES), budget);

describe('the scratch file of features', () => {
  it('gives back what it was given, bit for bit', async () => {
    const disk = diskOf(2);
    const values = Float32Array.of(-0, 1.000_000_1);
    const map = await disk.put(SHAPE, values);
    await disk.put(SHAPE, Float32Array.of(3, 4));
    expect(new Uint32Array(map!.values().buffer)).toEqual(new Uint32Array(values.buffer));
    expect(map!.shape).toEqual(SHAPE);
    expect(disk.used).toBe(2 * MAP_BYTES);
  });

  it('takes no more than the file or the budget holds', async () => {
    const values = Float32Array.of(1, 2);
    const small = diskOf(1);
    expect(await small.put(SHAPE, values)).not.toBeNull();
    expect(await small.put(SHAPE, values)).toBeNull();
    expect(await diskOf(5, MAP_BYTES - 1).put(SHAPE, values)).toBeNull();
    expect(await new FeatureDisk(async () => null, GENEROUS).put(SHAPE, values)).toBeNull();
    const broken = new FeatureDisk(() => Promise.reject(new Error('private window')), GENEROUS);
    expect(await broken.put(SHAPE, values)).toBeNull();
  });

  it('gives a slot away once nobody holds it, and not before', async () => {
    const disk = diskOf(2);
    const first = await disk.put(SHAPE, Float32Array.of(1, 2));
    await disk.put(SHAPE, Float32Array.of(3, 4));
    const held = first!.share();
    first!.free();
    expect(await disk.put(SHAPE, Float32Array.of(5, 6))).toBeNull();
    expect(held.values()).toEqual(Float32Array.of(1, 2));
    held.free();
    const third = await disk.put(SHAPE, Float32Array.of(5, 6));
    expect(third!.values()).toEqual(Float32Array.of(5, 6));
  });

  it('begins anew when all is free, so that maps of another size find room', async () => {
    const disk = diskOf(2);
    const maps = [await disk.put(SHAPE, Float32Array.of(1, 2)), await disk.put(SHAPE, Float32Array.of(3, 4))];
    maps.forEach((map) => map!.free());
    expect(disk.used).toBe(0);
    const large = await disk.put([1, 1, 1, 4], Float32Array.of(1, 2, 3, 4));
    expect(large!.values()).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  it('keeps nothing when writing fails or after closing', async () => {
    const file = memoryScratch(10 * MAP_BYTES);
    const disk = new FeatureDisk(async () => file, GENEROUS);
    file.write = () => {
      throw new Error('full');
    };
    expect(await disk.put(SHAPE, Float32Array.of(1, 2))).toBeNull();
    expect(disk.used).toBe(0);
    await disk.close();
    expect(file.closed).toBe(true);
    expect(await disk.put(SHAPE, Float32Array.of(1, 2))).toBeNull();
  });
});
