// What goes along with an exported model, what is refused, and that the file is one that ONNX allows: every value once,
// made before it is used. That onnxruntime says what the engine says is tested in src/lib/onnx.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../lib/backbones/digest';
import { planOf } from '../../lib/backbones/table';
import { writeSafetensors, readSafetensors } from '../../lib/formats/safetensors';
import { tf } from '../../lib/gpu/tf';
import { saveModel } from '../../lib/methods/grad/checkpoint';
import { BiGrid } from '../../lib/methods/grad/biGrid';
import { presetParams } from '../../settings/presets';
import { bundledWeights } from '../../testing/golden';
import { readOnnx, type ReadOnnx } from '../../lib/onnx/testing/readOnnx';
import { wholeOf } from '../../lib/onnx/testing/runtime';
import type { ExportRequest } from '../api/types';
import { describeAnswers } from './modelFile';
import { onnxModel } from './onnxModel';
import type { FeatureKind } from './modelState';

const FEATURES: FeatureKind = {
  ...{ backbone: 'mini_resnet', taps: 'standard', weights: null },
  ...{ inputSize: 32, project: true, range: [0, 4095] },
};
const REQUEST: ExportRequest = {
  ...{ precision: 'f32', input: 'pixels', program: 'grad-playground 1.2.3' },
  scoring: { smooth: 'gauss', refine: true, imageScore: 'max', imageShare: 1 },
  configuration: presetParams('demo'),
  threshold: { value: 0.25, source: 'set by hand' },
  scale: [0, 2],
};
/** On a busy machine. */
const TIMEOUT = 60_000;
const find = async () => ({ id: 'mini_resnet', tensors: bundledWeights() });

let plain: ReadOnnx;
beforeAll(async () => {
  await tf.setBackend('cpu');
  plain = await exported();
}, TIMEOUT);

/** A small GRAD model's file. */
async function modelFile(features: Partial<FeatureKind> = {}, height = 4): Promise<ArrayBuffer> {
  const model = BiGrid.create(
    {
      ...{ method: 'grad', channels: 32, height, width: 4, decoder: 'mobile', blocks: 1, expansion: 1 },
      ...{ localGrid: 4, globalGrid: 2, fusion: 'w', lambda: 0.8 },
    },
    1,
  );
  const answers = describeAnswers({
    features: { ...FEATURES, ...features },
    statistics: { sigma: 1, channels: null },
  });
  const file = await saveModel(model, null, { answers });
  model.dispose();
  return file;
}

const exported = async (changes: Partial<ExportRequest> = {}, model?: ArrayBuffer) =>
  readOnnx(wholeOf(await onnxModel(model ?? (await modelFile()), find, { ...REQUEST, ...changes })));

describe('an exported model', { timeout: TIMEOUT }, () => {
  it('carries every key that the documentation lists, and no other', () => {
    const text = readFileSync(resolve('docs/export.md'), 'utf8');
    const listed = [...text.matchAll(/^\| `(grad\.\w+)`/gm)].map(([, key]) => key!);
    expect(listed.length).toBeGreaterThan(10);
    const { metadata } = plain;
    expect(Object.keys(metadata).toSorted()).toEqual(listed.toSorted());
  });

  it('says what it is, threshold and scale among it', async () => {
    const { metadata } = plain;
    expect(metadata).toMatchObject({
      ...{ 'grad.format': '1', 'grad.program': 'grad-playground 1.2.3', 'grad.method': 'grad' },
      ...{ 'grad.image_size': '32', 'grad.pixel_range': '[0,4095]', 'grad.weights_licence': 'Apache-2.0' },
      ...{ 'grad.threshold': '0.25', 'grad.threshold_source': 'set by hand', 'grad.scale': '[0,2]' },
    });
    expect(JSON.parse(metadata['grad.configuration']!)).toEqual(presetParams('demo'));
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    expect(JSON.parse(metadata['grad.digests']!)).toEqual({ model: digest, backbone: digest });
    const { metadata: bare } = await exported({ threshold: null, scale: null, input: 'features' });
    expect(bare).toMatchObject({ 'grad.threshold': '', 'grad.threshold_source': '', 'grad.scale': '' });
  });

  it('makes every value once and before it is used, and has inputs and outputs of any number of images', () => {
    const { inputs, outputs, nodes, initialisers, opset } = plain;
    const known = new Set(['', ...inputs.map(({ name }) => name), ...initialisers]);
    expect(known.size).toBe(1 + inputs.length + initialisers.length);
    for (const node of nodes) {
      for (const input of node.inputs) expect(known, `${node.name} reads ${input}`).toContain(input);
      for (const output of node.outputs) {
        expect(known).not.toContain(output);
        known.add(output);
      }
    }
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(nodes.length);
    expect(opset).toBe(18);
    expect(inputs).toEqual([{ name: 'image', type: 2, shape: ['N', 'H', 'W', 3] }]);
    expect(outputs).toEqual([
      { name: 'anomaly_map', type: 1, shape: ['N', 32, 32] },
      { name: 'score', type: 1, shape: ['N'] },
    ]);
  });

  it('needs no backbone where features are its input', async () => {
    const nowhere = () => Promise.reject(new Error('asked for weights'));
    const file = await onnxModel(await modelFile(), nowhere, { ...REQUEST, input: 'features' });
    const { inputs } = readOnnx(wholeOf(file));
    expect(inputs).toEqual([{ name: 'features', type: 1, shape: ['N', 32, 4, 4] }]);
  });

  it('is never made with other weights than it was trained on', async () => {
    const digest = digestOf(planOf('mini_resnet'), bundledWeights());
    await expect(exported({}, await modelFile({ weights: digest }))).resolves.toBeDefined();
    await expect(exported({}, await modelFile({ weights: `${digest}+0123456789abcdef` }))).rejects.toThrow(
      'another weights file',
    );
    await expect(exported({}, await modelFile({ weights: '0123456789abcdef' }))).rejects.toThrow(
      'another weights file',
    );
  });

  it('is refused with the part that cannot be: a method without a graph, features for one that looks at pixels', async () => {
    const answers = describeAnswers({
      features: { ...FEATURES, backbone: 'pixels' },
      statistics: { sigma: 1, channels: null },
    });
    const about = { format: 'grad-playground detector', version: '1', config: '{}', answers };
    const own = writeSafetensors({}, { ...about, method: 'their-own' });
    await expect(exported({}, own)).rejects.toThrow('the method their-own cannot be exported');
    const riad = writeSafetensors({}, { ...about, method: 'riad' });
    await expect(exported({ input: 'features' }, riad)).rejects.toThrow('looks at the pixels');
  });

  it('pads or cuts images as the settings say that its file says, and not from features', async () => {
    const features = { ...FEATURES, inputHeight: 48, framing: 'letterbox', weights: null };
    const configuration = {
      ...presetParams('demo'),
      fit: 'letterbox' as const,
      inputSize: 32,
      inputHeight: 48,
    };
    const model = await modelFile(features, 6);
    const { metadata, outputs } = await exported({ configuration }, model);
    expect(metadata).toMatchObject({
      ...{ 'grad.framing': 'letterbox', 'grad.image_size': '32', 'grad.image_height': '48' },
    });
    expect(outputs[0]!.shape).toEqual(['N', 'map_height', 'map_width']);
    await expect(exported({ configuration, input: 'features' }, model)).rejects.toThrow('where they lie on the image (letterbox)'); // prettier-ignore
    await expect(exported({}, model)).rejects.toThrow('other images than its settings say (letterbox');
  });

  it('is refused when a tensor is missing, misshapen, or no number', async () => {
    const { tensors, metadata } = readSafetensors(await modelFile());
    const without = new Map([...tensors].filter(([name]) => name !== 'fusion'));
    await expect(exported({}, writeSafetensors(without, metadata))).rejects.toThrow('fusion is missing');
    const nan = writeSafetensors({ fusion: { shape: [1], data: Float32Array.of(NaN) } });
    const broken = new Map(tensors).set('fusion', readSafetensors(nan).tensors.get('fusion')!);
    await expect(exported({}, writeSafetensors(broken, metadata))).rejects.toThrow('no numbers');
  });
});
