// Features per second of whole backbones at the paper's input size, beside a plain matrix product of as many operations
// measured in the same breath, so that machines, and a busy one with itself, can be compared.
import { readSafetensors } from '../../lib/formats/safetensors';
import { tf } from '../../lib/gpu/tf';
import { neededTensors } from '../../lib/backbones/plan';
import { createBackbone, type Backbone } from '../../lib/backbones/registry';
import { syntheticWeights } from '../../lib/backbones/syntheticWeights';
import { BUNDLED_BACKBONE, wholePlan } from '../../lib/backbones/table';
import { findBackbone } from '../backbone';
import type { Measurement } from './measurement';
import type { Workbench } from './workbench';

/** Small, middle, large, and the paper's. Weights are made up where none ship: speed does not depend on them. */
const NETWORKS = [
  BUNDLED_BACKBONE,
  'efficientnet_b0',
  'tf_efficientnet_b4',
  'tf_efficientnet_b6',
  'vit_small_patch14_dinov2',
];
const SIZE = 256;
const BATCHES = [1, 16];
/** Most multiply-adds a batch, that a software adapter comes to an end. */
const MOST_MACS = 5e10;
/** Passes are repeated for about this long, in milliseconds; a slow adapter runs each once after its first. */
const PATIENCE_MS = 500;
const MAX_PASSES = 200;
const YARDSTICK = 'a matrix product of as many operations';

/** One line a backbone and batch size: milliseconds a batch, its ratio to the yardstick, images per second. */
export async function benchFeatures(workbench: Workbench): Promise<Measurement[]> {
  const results: Measurement[] = [];
  for (const id of NETWORKS) {
    const backbone = await load(id);
    for (const batch of BATCHES.filter(
      (count) => count === 1 || count * backbone.cost(SIZE).macs < MOST_MACS,
    )) {
      workbench.progress.update(`features of ${id}, batch ${batch}`);
      results.push(await measure(backbone, batch));
    }
    backbone.dispose();
  }
  return results;
}

async function load(id: string): Promise<Backbone> {
  if (id !== BUNDLED_BACKBONE) return createBackbone(id, syntheticWeights(neededTensors(wholePlan(id))));
  const { bytes } = await findBackbone(id);
  return createBackbone(id, readSafetensors(bytes).tensors);
}

async function measure(backbone: Backbone, batch: number): Promise<Measurement> {
  const image = tf.randomUniform<tf.Rank.R4>([batch, SIZE, SIZE, 3], -2, 2, 'float32', 1);
  const operations = 2 * backbone.cost(SIZE).macs * batch;
  const features = () => backbone.phi(image);
  // The first pass compiles; the yardstick stands on both sides, so that a load that comes or goes shows in neither.
  await passMs(features, 1);
  const before = await yardstickMs(operations);
  const ms = await steadyMs(features);
  const yardstick = (before + (await yardstickMs(operations))) / 2;
  image.dispose();
  const name = `${backbone.id} at ${SIZE} px, batch ${batch}`;
  return { name, ms, ratio: ms / yardstick, yardstick: YARDSTICK, perSecond: (1000 * batch) / ms };
}

/** Milliseconds a pass, from as many as fit into the patience. */
async function steadyMs(compute: () => tf.Tensor): Promise<number> {
  const once = await passMs(compute, 1);
  const passes = Math.min(MAX_PASSES, Math.floor(PATIENCE_MS / once));
  return passes > 1 ? passMs(compute, passes) : once;
}

async function passMs(compute: () => tf.Tensor, passes: number): Promise<number> {
  const start = performance.now();
  for (let pass = 0; pass < passes - 1; pass++) compute().dispose();
  const last = compute();
  // One element is enough to wait for all that was submitted before.
  const element = tf.tidy(() => last.reshape([-1]).slice(0, 1));
  await element.data();
  tf.dispose([last, element]);
  return (performance.now() - start) / passes;
}

/** Sides of the matrices that are multiplied; the time is scaled to the operations asked for. */
const SMALLEST_SIDE = 256;
const LARGEST_SIDE = 1024;

async function yardstickMs(operations: number): Promise<number> {
  const ideal = Math.cbrt(operations / 2);
  const side = Math.round(Math.min(LARGEST_SIDE, Math.max(SMALLEST_SIDE, ideal)) / 32) * 32;
  const [a, b] = [1, 2].map((seed) => tf.randomUniform<tf.Rank.R2>([side, side], -1, 1, 'float32', seed));
  const product = () => tf.matMul(a!, b!);
  await passMs(product, 1);
  const ms = await steadyMs(product);
  tf.dispose([a!, b!]);
  return (ms * operations) / (2 * side ** 3);
}
