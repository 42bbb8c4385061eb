// Reference values of PyTorch, timm and scikit-learn (goldens/, which says how they were made). Files hold results;
// seeded inputs are drawn again here.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'vitest';
import { readSafetensors, type StoredTensor } from '../lib/formats/safetensors';
import { drawValues, type Draw } from './draws';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Golden {
  shape: number[];
  data: Float32Array;
}

const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(resolve(ROOT, path)));

function open(file: string): { stored: Map<string, StoredTensor>; drawn: Record<string, Draw> } {
  const { tensors, metadata } = readSafetensors(bytesOf(`goldens/values/${file}.safetensors`));
  return { stored: tensors, drawn: JSON.parse(metadata['draws']!) as Record<string, Draw> };
}

/** Results and drawn inputs of goldens/values/<file>.safetensors by name, as float32. An unknown name throws. */
export function golden(file: string): (name: string) => Golden {
  const { stored, drawn } = open(file);
  return (name) => {
    const tensor = stored.get(name);
    if (tensor) return { shape: tensor.shape, data: Float32Array.from(tensor.data) };
    const draw = drawn[name];
    if (!draw) throw new Error(`${file} has no tensor ${name}; it has ${goldenNames(file).join(', ')}`);
    return { shape: draw.shape, data: drawValues(`${file}/${name}`, draw) };
  };
}

/** Names of all results and drawn inputs of a file. */
export function goldenNames(file: string): string[] {
  const { stored, drawn } = open(file);
  return [...stored.keys(), ...Object.keys(drawn)];
}

/** The value of goldens/values/<file>.json. */
export const goldenJson = (file: string): unknown =>
  JSON.parse(new TextDecoder().decode(bytesOf(`goldens/values/${file}.json`)));

/** Tensors of the bundled backbone's weights. */
export const bundledWeights = (): Map<string, StoredTensor> =>
  readSafetensors(bytesOf('public/weights/mini_resnet.safetensors')).tensors;

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
