// Reference values for tests: small safetensors files that lie beside a development checkout (../shared) and are
// not part of the project. A clone elsewhere has none; suites that need them then skip and say so.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { readSafetensors, type StoredTensor } from '../lib/formats/safetensors';

const SHARED = resolve(import.meta.dirname, '../../../shared');

export const hasShared = existsSync(resolve(SHARED, 'golden'));

/** Absolute path of a file in the reference folder. */
export const sharedPath = (path: string): string => resolve(SHARED, path);

/** The bytes of a file in the reference folder. */
export const sharedBytes = (path: string): Uint8Array => new Uint8Array(readFileSync(sharedPath(path)));

export interface Golden {
  shape: number[];
  data: Float32Array;
}

/** Tensors of `golden/<file>` by name, as float32. Asking for a name that is not there throws. */
export function golden(file: string): (name: string) => Golden {
  const { tensors } = readSafetensors(sharedBytes(`golden/${file}`));
  return (name) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`${file} has no tensor ${name}; it has ${[...tensors.keys()].join(', ')}`);
    return toGolden(tensor);
  };
}

/** Names of all tensors in `golden/<file>`. */
export function goldenNames(file: string): string[] {
  return [...readSafetensors(sharedBytes(`golden/${file}`)).tensors.keys()];
}

function toGolden({ shape, data }: StoredTensor): Golden {
  return { shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** A suite that needs the reference folder; without it one skipped test says why. */
export function describeWithShared(name: string, suite: () => void): void {
  if (hasShared) describe(name, suite);
  else describe.skip(`${name} (skipped: the reference folder ../shared is not beside this checkout)`, suite);
}

/** Asserts |actual - expected| <= atol + rtol * |expected| for every element, and says where it fails worst. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { rtol = 1e-4, atol = 1e-4 } = {},
): void {
  expect(actual.length, 'number of elements').toBe(expected.length);
  let worst = { excess: -Infinity, index: -1 };
  for (let i = 0; i < expected.length; i++) {
    const excess = Math.abs(actual[i]! - expected[i]!) - (atol + rtol * Math.abs(expected[i]!));
    // A NaN compares false with everything; it must count as the worst.
    if (!(excess <= worst.excess)) worst = { excess: Number.isNaN(excess) ? Infinity : excess, index: i };
  }
  const { excess, index } = worst;
  expect(excess, `element ${index}: ${actual[index]} against ${expected[index]}`).toBeLessThanOrEqual(0);
}
