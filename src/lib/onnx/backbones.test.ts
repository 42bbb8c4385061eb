// Backbones as ONNX graphs against timm's values (goldens/backbones.py), and the preparation against our resizing.
import { describe, expect, it } from 'vitest';
import { drawWeights } from '../../testing/draws';
import { bundledWeights, expectClose, golden, type Golden } from '../../testing/golden';
import { backboneGraph, planGraph } from '../backbones/onnx';
import { IMAGENET } from '../backbones/hubTable';
import { Network } from '../backbones/network';
import { neededTensors, type Plan } from '../backbones/plan';
import { resnetPlan } from '../backbones/resnet';
import { defaultTaps, wholePlan } from '../backbones/table';
import { VisionTransformer } from '../backbones/vit/network';
import { transformerPlan } from '../backbones/vit/plan';
import type { StoredTensor } from '../formats/safetensors';
import { onnxFile } from '../formats/onnx/file';
import { Graph } from '../formats/onnx/graph';
import type { Value } from '../formats/onnx/messages';
import { tf } from '../gpu/tf';
import { resizeBilinear } from '../images/resize';
import { preparationGraph } from './preparation';
import { batchOf, run, type Batch } from './testing/runtime';
import { pictures } from './testing/world';

const NOTHING = { producer: 'test', producerVersion: '0', metadata: {} };

/** Runs a graph of float images [N, 3, H, W]. */
async function through({ shape, data }: Golden, build: (g: Graph, image: Value) => Value[]) {
  const g = Graph.create('f32');
  const [, ...sizes] = shape;
  build(g, g.input('image', 'float32', ['N', ...sizes])).forEach((value, i) => g.output(`out${i}`, value));
  const said = await run(onnxFile(g, NOTHING), { image: { data, shape } });
  return Object.values(said).map((tensor) => ({
    shape: [...tensor.dims],
    data: tensor.data as Float32Array,
  }));
}

function expectSame(found: Batch, reference: Golden): void {
  expect(found.shape).toEqual(reference.shape);
  expectClose(found.data as Float32Array, reference.data);
}

type Tensors = Map<string, StoredTensor>;
const random = (id: string): Tensors => drawWeights(id, neededTensors(wholePlan(id)));
const network = (id: string, weights: Tensors) => ({ id, plan: wholePlan(id), weights });

/** Compiling the runtime takes most of the first test. */
const TIMEOUT = 60_000;

describe('a backbone that is taken away', { timeout: TIMEOUT }, () => {
  it.each(['mobilenetv2_100'])('gives the features of timm’s %s', async (id) => {
    const reference = golden(`${id}_features`);
    const maps = await through(reference('input'), (g, x) =>
      planGraph(g, x, network(id, random(id)), defaultTaps(id)),
    );
    expectSame(maps[0]!, reference('stride8'));
    expectSame(maps[1]!, reference('stride16'));
  });

  it('gives those of an EfficientNet with both paddings, odd sizes too, aligned', async () => {
    const reference = golden('efficientnet_b0_features');
    const weights = random('efficientnet_b0');
    const id = 'tf_efficientnet_b0';
    const maps = await through(reference('input_odd'), (g, x) =>
      planGraph(g, x, network(id, weights), defaultTaps(id)),
    );
    expectSame(maps[0]!, reference('odd_tf_stride8'));
    expectSame(maps[1]!, reference('odd_tf_stride16'));
    const taps = defaultTaps('efficientnet_b0');
    const options = { taps, project: true };
    const [phi] = await through(reference('input'), (g, x) => [
      backboneGraph(g, x, 'efficientnet_b0', weights, options),
    ]);
    expectSame(phi!, reference('aligned'));
  });

  it('gives those of bottlenecks: the sum of a convolution and a shortcut', async () => {
    const plan: Plan = resnetPlan({
      family: 'resnet',
      block: 'bottleneck',
      stem: 8,
      channels: 4,
      repeats: [1, 2, 1],
      width: 2,
    });
    const weights = drawWeights('tiny', neededTensors(plan));
    const image = {
      shape: [1, 3, 32, 32],
      data: Float32Array.from({ length: 3072 }, (_, i) => Math.sin(i * i)),
    };
    const [map] = await through(image, (g, x) => planGraph(g, x, { id: 'tiny', plan, weights }, ['layer3']));
    await tf.setBackend('cpu');
    const turned = tf.transpose(tf.tensor4d(image.data, [1, 3, 32, 32]), [0, 2, 3, 1]);
    const ours = Network.load('tiny', plan, weights);
    const [expected] = ours.run(turned, ['layer3']);
    const reference = await tf.transpose(expected!, [0, 3, 1, 2]).data<'float32'>();
    ours.dispose();
    expectSame(map!, { shape: [1, 64, 2, 2], data: reference });
  });

  it.each(['vit', 'vit_reg4'])('gives those of timm’s transformer %s at any size', async (id) => {
    const reference = golden(`${id}_features`);
    const shape = { patch: 14, width: 48, depth: 3, heads: 3, registers: id === 'vit' ? 0 : 4, grid: 5 };
    const plan = transformerPlan({ family: 'transformer', ...shape });
    const weights = drawWeights(id, neededTensors(plan));
    const taps = ['blocks.0', 'blocks.2', 'norm'];
    for (const size of ['', 'small_', 'large_']) {
      const maps = await through(reference(`${size}input`), (g, x) => planGraph(g, x, { id, plan, weights }, taps)); // prettier-ignore
      for (const [i, tap] of taps.entries()) expectSame(maps[i]!, reference(`${size}${tap}`));
    }
  });

  it('brings images to whole patches as the network does', async () => {
    const shape = { patch: 14, width: 48, depth: 1, heads: 3, registers: 4, grid: 5 };
    const plan = transformerPlan({ family: 'transformer', ...shape });
    const weights = drawWeights('vit_reg4', neededTensors(plan));
    const image = {
      shape: [1, 3, 48, 30],
      data: Float32Array.from({ length: 4320 }, (_, i) => Math.sin(i * i)),
    };
    const [map] = await through(image, (g, x) => planGraph(g, x, { id: 'vit', plan, weights }, ['norm']));
    await tf.setBackend('cpu');
    const turned = tf.transpose(tf.tensor4d(image.data, [1, 3, 48, 30]), [0, 2, 3, 1]);
    const ours = VisionTransformer.load('vit', plan, weights);
    const [expected] = ours.run(turned, ['norm']);
    expectSame(map!, { shape: [1, 48, 3, 2], data: await tf.transpose(expected!, [0, 3, 1, 2]).data<'float32'>() }); // prettier-ignore
    ours.dispose();
  });

  it('gives those of the bundled weights, projected', async () => {
    const reference = golden('mini_resnet_features');
    const { shape, data } = reference('image_u8');
    const pixels = shape[2]! * shape[3]!;
    const { mean, std } = IMAGENET;
    const normalised = data.map((level, i) => {
      const channel = Math.floor(i / pixels);
      return (level / 255 - mean[channel]!) / std[channel]!;
    });
    const options = { taps: defaultTaps('mini_resnet'), project: true };
    const [phi] = await through({ shape, data: normalised }, (g, x) => [
      backboneGraph(g, x, 'mini_resnet', bundledWeights(), options),
    ]);
    expectSame(phi!, reference('projected'));
  });
});

describe('the preparation that is taken away', { timeout: TIMEOUT }, () => {
  it.each([
    [32, 32],
    [45, 37],
    [64, 64],
    [200, 90],
    [17, 301],
    [7, 1],
  ])('of images of %i x %i is ours to the bit', async (width, height) => {
    const size = 32;
    const images = pictures(2, width, height);
    const g = Graph.create('f32');
    const image = g.input('image', 'uint8', ['N', 'H', 'W', 3]);
    const unchanged = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] } as const;
    g.output('levels', preparationGraph(g, image, { width: size, height: size }, unchanged));
    const { levels } = await run(onnxFile(g, NOTHING), { image: batchOf(images) });
    const found = levels!.data as Float32Array;
    const ours = images.flatMap((one) => {
      const { data } = resizeBilinear(one, size);
      return [0, 1, 2].flatMap((channel) => [...data.filter((_, i) => i % 3 === channel)]);
    });
    expect(found.map(Math.round)).toEqual(Float32Array.from(ours));
  });
});
