// Tables of tiles from files: what is taken, and what is refused by name.
import { expect, it } from 'vitest';
import { parseTilings, TilingsUnreadable } from './tilings';

const read = (tilings: unknown) => parseTilings(JSON.stringify({ tilings, chosen: [] }), 'tuned.json');

it('takes tiles, and null for none, by shape class; the rest of the file is left alone', () => {
  const table = { 'forward 1024x544x9x544': { tile: '64x64x16', slices: 4 }, 'input 64x64x1x64': null };
  expect(read(table)).toEqual(table);
});

it.each([
  ['a tile that is none', { 'forward 1x4x1x4': { tile: '7x7x7', slices: 1 } }],
  ['no slices', { 'forward 1x4x1x4': { tile: '64x64x16', slices: 0 } }],
  ['too many slices', { 'forward 1x4x1x4': { tile: '64x64x16', slices: 65 } }],
  ['a list', []],
  ['nothing', undefined],
])('refuses %s', (_, tilings) => {
  expect(() => read(tilings)).toThrow(TilingsUnreadable);
});
