// Made-up textures for benchmarks: stripes with seeded noise, the same on every machine. Not for judging a method.
import type { ImageFile } from '../../engine/api/types';
import { encodePng } from '../../lib/formats/png';
import { Random } from '../../lib/nn/random';

const SIDE = 256;

/** @param train, @param test numbers of images, all normal */
export function syntheticImages(train: number, test: number): ImageFile[] {
  const random = Random.stream(0, 'synthetic images');
  return Array.from({ length: train + test }, (_, i) => {
    const split = i < train ? 'train' : 'test';
    const id = `${split}/good/${String(i).padStart(3, '0')}.png`;
    return { id, name: id, bytes: texture(random), split, label: 0, type: 'good' };
  });
}

function texture(random: Random): ArrayBuffer {
  const phase = random.between(0, 2 * Math.PI);
  const data = Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const stripes = Math.sin((pixel % SIDE) / 5 + phase) * Math.cos(pixel / SIDE / 7);
    return 128 + 60 * stripes + random.between(-20, 20);
  });
  return new Uint8Array(encodePng({ width: SIDE, height: SIDE, data })).buffer;
}
