// A file as the Hub publishes one, made up: MobileNetV2's needed tensors, deeper ones in between (as the alphabet puts
// them), counters, a classifier. Its numbers are made up and harmless (backbones/syntheticWeights.ts).
import { neededTensors } from '../lib/backbones/plan';
import { syntheticWeights } from '../lib/backbones/syntheticWeights';
import { wholePlan } from '../lib/backbones/table';
import { writeSafetensors, type StoredTensor } from '../lib/formats/safetensors';

export const PUBLISHED_ID = 'mobilenetv2_100';

/** @param seed another one gives other weights @param change what is wrong with the file */
export function publishedFile(seed = 1, change?: (tensors: Map<string, StoredTensor>) => void): Uint8Array {
  const shapes: [string, number[]][] = [
    ...neededTensors(wholePlan(PUBLISHED_ID)),
    ['blocks.5.0.conv_pw.weight', [576, 576, 1, 1]],
    ['classifier.weight', [500, 1280]],
  ];
  const tensors = new Map<string, StoredTensor>([['bn1.num_batches_tracked', stored('I64', [], 8)]]);
  const floats = syntheticWeights(new Map(shapes.sort(([a], [b]) => (a < b ? -1 : 1))), seed);
  for (const [name, tensor] of floats) tensors.set(name, tensor);
  change?.(tensors);
  return new Uint8Array(writeSafetensors(tensors, { format: 'pt' }));
}

/** A tensor of zeros. */
export function stored(dtype: StoredTensor['dtype'], shape: number[], size: number): StoredTensor {
  return { dtype, shape, bytes: new Uint8Array(size), data: new Uint8Array() };
}
