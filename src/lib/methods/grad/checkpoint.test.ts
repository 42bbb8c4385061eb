// Models as files: what comes back is what was saved, and a file that is damaged or another's says so.
import { beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors, type WritableTensor } from '../../formats/safetensors';
import { tf } from '../../gpu/tf';
import { BiGrid } from './biGrid';
import { loadModel, saveModel } from './checkpoint';
import type { ModelConfig } from './config';
import { BadModelFile } from '../errors';

const CONFIG: ModelConfig = {
  ...{ method: 'grad', fusion: 'w', lambda: 0.8, decoder: 'mobile', blocks: 1, expansion: 1 },
  ...{ channels: 4, height: 4, width: 4, localGrid: 4, globalGrid: 2 },
};

/** The file with its tensors and metadata changed. */
function changed(
  file: ArrayBuffer,
  change: (tensors: Record<string, WritableTensor>, metadata: Record<string, string>) => void,
): ArrayBuffer {
  const { tensors, metadata } = readSafetensors(file);
  const writable = Object.fromEntries(
    [...tensors].map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }]),
  );
  change(writable, metadata);
  return writeSafetensors(writable, metadata);
}

const withConfig = (file: ArrayBuffer, config: object) =>
  changed(file, (_, metadata) => (metadata.model = JSON.stringify({ ...CONFIG, ...config })));

describe('saveModel and loadModel', () => {
  let file: ArrayBuffer;
  beforeAll(async () => {
    await tf.setBackend('cpu');
    const model = BiGrid.create(CONFIG, 1);
    file = await saveModel(model);
    model.dispose();
  });

  it('starts layers as the public code does when asked, and nothing else otherwise', async () => {
    const model = BiGrid.create(CONFIG, 1, 'public');
    const started = readSafetensors(await saveModel(model)).tensors;
    model.dispose();
    const usual = readSafetensors(file).tensors;
    for (const [name, { bytes, shape }] of started) {
      const values = [...new Float32Array(bytes.slice().buffer)];
      const layer = name.endsWith('.weight') && shape.length > 1;
      if (name.endsWith('.bias')) expect(values.every((value) => value === 0)).toBe(true);
      else if (layer) expect(Math.max(...values.map(Math.abs))).toBeLessThan(0.06);
      else expect(bytes).toEqual(usual.get(name)!.bytes);
    }
    const weights = [...started].filter(([name]) => name.endsWith('.weight')).flatMap(([, { bytes }]) => [...new Float32Array(bytes.slice().buffer)]); // prettier-ignore
    const deviation = Math.sqrt(weights.reduce((sum, value) => sum + value ** 2, 0) / weights.length);
    expect(deviation).toBeCloseTo(0.01, 3);
  });

  it('brings back config and every parameter', async () => {
    const { model, state } = loadModel(file);
    expect(model.config).toEqual(CONFIG);
    expect(state).toBeNull();
    const [again, before] = [await saveModel(model), file].map((bytes) => readSafetensors(bytes).tensors);
    expect([...again!.keys()]).toEqual([...before!.keys()]);
    for (const [name, { bytes }] of again!) expect(bytes).toEqual(before!.get(name)!.bytes);
    model.dispose();
  });

  it.each([
    ['another format', (f: ArrayBuffer) => changed(f, (_, metadata) => (metadata.format = 'pt'))],
    ['a later version', (f: ArrayBuffer) => changed(f, (_, metadata) => (metadata.version = '2'))],
    ['no config', (f: ArrayBuffer) => changed(f, (_, metadata) => delete metadata.model)],
    ['a config that is no JSON', (f: ArrayBuffer) => changed(f, (_, metadata) => (metadata.model = '{'))],
    ['an unknown method', (f: ArrayBuffer) => withConfig(f, { method: 'magic' })],
    ['a map of a million cells', (f: ArrayBuffer) => withConfig(f, { height: 1e6 })],
    ['half a channel', (f: ArrayBuffer) => withConfig(f, { channels: 0.5 })],
    ['tables of another size', (f: ArrayBuffer) => withConfig(f, { localGrid: 8 })],
    ['more blocks than tensors', (f: ArrayBuffer) => withConfig(f, { blocks: 2 })],
    ['a missing tensor', (f: ArrayBuffer) => changed(f, (tensors) => delete tensors['fusion'])],
    [
      'bytes for numbers',
      (f: ArrayBuffer) =>
        changed(f, (tensors) => (tensors['fusion'] = { shape: [1], data: new Uint8Array(1) })),
    ],
    [
      'a training state without its moments',
      (f: ArrayBuffer) => changed(f, (_, metadata) => (metadata.training = JSON.stringify(STATE))),
    ],
    [
      'an order that repeats an image',
      (f: ArrayBuffer) =>
        changed(f, (_, metadata) => (metadata.training = JSON.stringify({ ...STATE, order: [0, 0] }))),
    ],
  ])('refuses %s and leaves nothing behind', (_, damage) => {
    const before = tf.memory().numTensors;
    expect(() => loadModel(damage(file))).toThrow(BadModelFile);
    expect(tf.memory().numTensors).toBe(before);
  });
});

const STATE = {
  config: {
    ...{ seed: 0, epochs: [1, 1], batch: 2, learningRate: 1e-3, gridLearningRate: 0.1 },
    ...{ start: 'kaiming', contrastive: 'mean', jitter: 'branch' },
    ...{ anomalySource: 'fbp', anomalyNoise: 0.04, fbpRecipe: 'per-image', fbpIntensity: [1, 2], sigma: 1 },
  },
  position: { stage: 1, epoch: 0, batch: 0 },
  order: [1, 0],
  streams: { order: [0, 0, 0, 1], fbp: [0, 0, 0, 1], jitter: [0, 0, 0, 1] },
  losses: { 1: [], 2: [] },
  optimiserSteps: 0,
};
