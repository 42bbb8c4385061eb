import { resolve, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laidOver, pathInside, targetsOf, uniqueStems } from './maps';
import { foldedName } from './targets';

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

describe('names of maps', () => {
  it('are told apart by file systems that know no case or no composed letters', () => {
    expect(uniqueStems(['A.png', 'a.png'])).toEqual(['A.png_1', 'a.png_2']);
    expect(uniqueStems(['A.png', 'a.jpg'])).toEqual(['A.png', 'a.jpg']);
    expect(uniqueStems(['\u00e9.png', 'e\u0301.png'])).toEqual(['\u00e9.png_1', 'e\u0301.png_2']);
    // A number that is taken already is not given again.
    expect(uniqueStems(['x/a.png', 'X/a.png', 'x/a.png_2.bmp'])).toEqual([
      'x/a.png_1',
      'X/a.png_3',
      'x/a.png_2',
    ]);
  });

  it('are each their own, whatever the images are called', () => {
    const letter = fc.constantFrom(
      'a',
      'A',
      '\u00e9',
      'e\u0301',
      '\u00c9',
      'ss',
      '\u00df',
      '1',
      '2',
      '_',
      '/',
      '.png',
    );
    const path = fc.array(letter, { minLength: 1, maxLength: 5 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 12 }), (paths) => {
        const names = uniqueStems(paths);
        expect(new Set(names.map(foldedName)).size).toBe(paths.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe('laidOver', () => {
  it('mixes by the overlay’s alpha', () => {
    const image = { width: 2, height: 1, data: Uint8Array.of(100, 100, 100, 100, 100, 100) };
    const overlay = Uint8ClampedArray.of(200, 0, 50, 255, 200, 0, 50, 0);
    expect([...laidOver(image, overlay).data]).toEqual([200, 0, 50, 100, 100, 100]);
  });
});
