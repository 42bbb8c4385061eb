import { describe, expect, it } from 'vitest';
import { NotANumber } from './errors';
import { floatBits, floatsOf, keyOf } from './floatKeys';
import { sortKeys } from './sortKeys';

/** Repeatable values of both signs and many magnitudes. */
const values = (length: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898) * 10 ** ((i % 20) - 10));

const keysOf = (floats: Float32Array) => floatBits(floats, 'x').map(keyOf);

describe('keys of floats', () => {
  it.each([0, 1, 100, 20_000])('sort %i values as the built-in sort does, and give them back', (length) => {
    const keys = keysOf(values(length));
    const { keys: sorted } = sortKeys({ keys, numbers: new Uint32Array(length) });
    expect(floatsOf(sorted)).toEqual(values(length).sort());
  });

  it('carry numbers along; equal keys keep their order and the given lists theirs', () => {
    const keys = Uint32Array.of(5, 2 ** 31, 5, 0);
    const numbers = Uint32Array.of(1, 2, 3, 4);
    const sorted = sortKeys({ keys, numbers });
    expect([...sorted.numbers]).toEqual([4, 1, 3, 2]);
    expect([...keys]).toEqual([5, 2 ** 31, 5, 0]);
  });

  it('order infinities and hold both zeros equal', () => {
    const [low, minus, negative, positive, tiny, high] = keysOf(
      Float32Array.of(-Infinity, -1e-45, -0, 0, 1e-45, Infinity),
    ) as unknown as number[];
    expect(negative).toBe(positive);
    expect([low, minus, negative, tiny, high]).toEqual(
      [low, minus, negative, tiny, high].sort((a, b) => a! - b!),
    );
    expect(new Set([low, minus, negative, tiny, high]).size).toBe(5);
  });

  it('refuse NaN, of either sign, and say where', () => {
    const nans = new Float32Array(Uint32Array.of(0x7fc00000, 0xffc00001).buffer);
    for (const nan of [nans.subarray(0, 1), nans.subarray(1)]) {
      expect(() => floatBits(nan, 'An anomaly map')).toThrow(NotANumber);
    }
    expect(() => floatBits(nans, 'An anomaly map')).toThrow('An anomaly map');
  });
});
