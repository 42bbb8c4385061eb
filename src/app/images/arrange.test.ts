import { describe, expect, it } from 'vitest';
import { arranged } from './arrange';
import { typesOf } from './classes';
import { listed, type ImageRecord } from './dataSlice';

const image = (id: string, label: ImageRecord['label']) =>
  listed({ id, name: `${id}.png`, split: 'test', label, type: '', own: true });
const images = [image('a', 0), image('b', 1), image('c', 1), image('d', null), image('e', 0)];
const scores = { a: 5, b: 2, c: 7, d: 9 };
const ids = (...given: Parameters<typeof arranged>) => arranged(...given).map(({ id }) => id);

describe('arranged', () => {
  it('leaves images as they were loaded', () => {
    expect(arranged(images, scores, 4, 'loaded')).toBe(images);
  });

  it('puts the highest score first and what has none last', () => {
    expect(ids(images, scores, 4, 'strangest')).toEqual(['d', 'c', 'a', 'b', 'e']);
  });

  it('shows false alarms and missed defects alone', () => {
    expect(ids(images, scores, 4, 'mistakes')).toEqual(['a', 'b']);
    expect(ids(images, scores, null, 'mistakes')).toEqual([]);
  });
});

it('types to choose between are counted without their class, good first; of one there is nothing to choose', () => {
  const images = ['bolt/scratch', 'bolt/good', 'nut/scratch', 'bolt/dent', ''].map((type) => ({ type }));
  expect(typesOf(images)).toEqual([
    { name: 'good', images: 1 },
    { name: 'dent', images: 1 },
    { name: 'scratch', images: 2 },
  ]);
  expect(typesOf([{ type: 'good' }, { type: 'good' }])).toEqual([]);
});
