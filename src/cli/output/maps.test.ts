import { resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { laidOver, pathInside, targetsOf, uniqueStems } from './maps';

const image = (path: string) => ({ path, file: path });

describe('where maps go', () => {
  it.each([
    '../data/a.png',
    '../../a.png',
    '/data/a.png',
    'x/../../../a.png',
    'C:\\data\\a.png',
    '..\\a.png',
  ])('never outside their folder: %s', (path) => {
    const [target] = targetsOf('maps', [image(path)]);
    for (const file of Object.values(target!)) expect(resolve(file)).toContain(resolve('maps') + sep);
  });

  it('keeps apart images that differ in their extension or in steps upwards only', () => {
    expect(uniqueStems(['b/a.png', 'b/a.jpg', 'c.png'])).toEqual(['b/a.png', 'b/a.jpg', 'c']);
    expect(pathInside('../b/./a.png')).toBe('b/a.png');
    const [up, down] = targetsOf('maps', [image('../b/a.png'), image('b/a.png')]);
    expect(up!.npy).not.toBe(down!.npy);
  });
});

describe('laidOver', () => {
  it('mixes by the overlay’s alpha', () => {
    const image = { width: 2, height: 1, data: Uint8Array.of(100, 100, 100, 100, 100, 100) };
    const overlay = Uint8ClampedArray.of(200, 0, 50, 255, 200, 0, 50, 0);
    expect([...laidOver(image, overlay).data]).toEqual([200, 0, 50, 100, 100, 100]);
  });
});
