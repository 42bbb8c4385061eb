// A file as the Hub publishes one, made up: MobileNetV2's needed tensors, deeper ones in between (as the alphabet puts
// them), counters, a classifier. Its numbers are random and harmless: images go through it without overflowing.
import { neededTensors } from '../backbones/plan';
import { wholePlan } from '../backbones/table';
import { packSafetensors } from '../formats/packSafetensors';
import type { StoredTensor } from '../formats/safetensors';

export const PUBLISHED_ID = 'mobilenetv2_100';

/** @param seed another one gives other weights @param change what is wrong with the file */
export function publishedFile(seed = 1, change?: (tensors: Map<string, StoredTensor>) => void): Uint8Array {
  const shapes = new Map<string, number[]>([
    ...neededTensors(wholePlan(PUBLISHED_ID)),
    ['blocks.5.0.conv_pw.weight', [576, 576, 1, 1]],
    ['classifier.weight', [500, 1280]],
  ]);
  const tensors = new Map<string, StoredTensor>([['bn1.num_batches_tracked', stored('I64', [], 8)]]);
  const random = uniform(seed);
  for (const name of [...shapes.keys()].sort()) {
    const shape = shapes.get(name)!;
    const values = Float32Array.from({ length: product(shape) }, valuesOf(name, shape, random));
    tensors.set(name, { ...stored('F32', shape, 0), bytes: new Uint8Array(values.buffer) });
  }
  change?.(tensors);
  return packSafetensors(tensors, { format: 'pt' });
}

/** A tensor of zeros. */
export function stored(dtype: StoredTensor['dtype'], shape: number[], size: number): StoredTensor {
  return { dtype, shape, bytes: new Uint8Array(size), data: new Uint8Array() };
}

/** Convolutions keep the variance; batch norms scale by about one, around zero. */
function valuesOf(name: string, shape: number[], random: () => number): () => number {
  if (shape.length > 1) {
    const limit = Math.sqrt(6 / product(shape.slice(1)));
    return () => limit * (2 * random() - 1);
  }
  const centre = /(running_var|weight)$/.test(name) ? 1 : 0;
  return () => centre + 0.1 * (random() - 0.5);
}

/** A linear congruential generator (Numerical Recipes): numbers in [0, 1). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const product = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
