import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  anyObject,
  count,
  digest,
  finite,
  listOf,
  objectOf,
  oneOf,
  orNull,
  recordOf,
  parseJson,
  parseOrNull,
  text,
  version,
} from './schema';

class Refused extends Error {}
const refused = (detail: string) => new Refused(detail);

const SCHEMA = objectOf({
  name: text(5),
  data: objectOf({
    images: listOf(objectOf({ split: oneOf(['train', 'test']), label: oneOf([0, 1, null]) }), 3),
  }),
  size: orNull(count(1)),
  kind: v.optional(v.literal('set')),
  edition: v.optional(version(2)),
});
const image = { split: 'train', label: 0 };
const sound = { name: 'a', data: { images: [image] }, size: 3 };
const judge = (value: unknown) => parseJson(SCHEMA, JSON.stringify(value), refused);

describe('a JSON text', () => {
  it('gives the keys that its schema knows, null for what may be missing', () => {
    expect(judge({ ...sound, size: undefined, more: 1 })).toEqual({ ...sound, size: null });
  });

  it.each<[string, unknown]>([
    ['it is not an object', []],
    ['it is not an object', null],
    ['name is missing', { ...sound, name: undefined }],
    ['name is not text of up to 5', { ...sound, name: 'abcdef' }],
    ['data is not an object', { ...sound, data: 3 }],
    ['data.images is not a list', { ...sound, data: { images: {} } }],
    ['data.images is not a list of at most 3', { ...sound, data: { images: [1, 2, 3, 4] } }],
    [
      'data.images[1].split is not one of train, test',
      { ...sound, data: { images: [image, { ...image, split: 'both' }] } },
    ],
    [
      'data.images[0].label is not one of 0, 1, null',
      { ...sound, data: { images: [{ ...image, label: 2 }] } },
    ],
    ['size is not a whole number from 1 up', { ...sound, size: 0.5 }],
    ['edition is 3, not 2', { ...sound, edition: 3 }],
    ['kind is not set', { ...sound, kind: 'list' }],
  ])('is refused with the place and plain words: %s', (words, value) => {
    expect(() => judge(value)).toThrow(new Refused(words));
  });

  it('is refused when it is no JSON, or longer than it may be', () => {
    const json = (text: string) => () => parseJson(SCHEMA, text, refused, { what: 'its list', longest: 10 });
    expect(json('{')).toThrow(new Refused('its list is not JSON'));
    expect(json('"0123456789"')).toThrow(new Refused('its list has more than 10 characters'));
  });

  it('cannot reach the prototype of anything', () => {
    const hostile = '{"__proto__": {"polluted": 1}, "constructor": {"prototype": 2}, "own": 3}';
    for (const schema of [anyObject, objectOf({ own: finite })]) {
      const value = parseJson(schema, hostile, refused) as Record<string, unknown>;
      expect(Object.keys(value)).toEqual(['own']);
      expect(value['polluted']).toBeUndefined();
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('names a hostile key in few words', () => {
    const long = JSON.stringify({ ['x'.repeat(5000)]: 'y' });
    const message = (() => {
      try {
        return void parseJson(recordOf(finite), long, refused);
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message!.length).toBeLessThan(150);
  });
});

it('numbers that are none, and digests that are none, are refused', () => {
  expect([NaN, Infinity, '1', null].map((value) => parseOrNull(finite, value))).toEqual(Array(4).fill(null));
  expect([-1, 1.5, 2 ** 60, '1'].map((value) => parseOrNull(count(), value))).toEqual(Array(4).fill(null));
  expect(parseOrNull(digest, 'a'.repeat(64))).toBe('a'.repeat(64));
  expect(parseOrNull(digest, 'A'.repeat(64))).toBeNull();
});
