// Backbones as ONNX graphs against timm's values (goldens/backbones.py), and the preparation against our resizing.
import { describe, expect, it } from 'vitest';
import { drawWeights } from '../../testing/draws';
import { bundledWeights, expectClose, golden, type Golden } from '../../testing/golden';
import { backboneGraph, planGraph } from '../backbones/onnx';
import { neededTensors, type Plan } from '../backbones/plan';
import { resnetPlan } from '../backbones/resnet';
import { defaultTaps, wholePlan } from '../backbones/table';
import type { StoredTensor } from '../formats/safetensors';
import { onnxFile } from '../formats/onnx/file';
import { Graph } from '../formats/onnx/graph';
import type { Value } from '../formats/onnx/messages';
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

describe('a backbone that is taken away', () => {
  it.each(['mobilenetv2_100', 'resnet18'])('gives the features of timm’s %s', async (id) => {
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
    for (const odd of ['', 'odd_']) {
      for (const prefix of ['', 'tf_']) {
        const image = reference(odd ? 'input_odd' : 'input');
        const id = `${prefix}efficientnet_b0`;
        const maps = await through(image, (g, x) => planGraph(g, x, network(id, weights), defaultTaps(id)));
        expectSame(maps[0]!, reference(`${odd}${prefix}stride8`));
        expectSame(maps[1]!, reference(`${odd}${prefix}stride16`));
      }
    }
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
    expect(map!.shape).toEqual([1, 64, 2, 2]);
  });

  it('of the bundled weights are projected, from the pixels on', async () => {
    const reference = golden('mini_resnet_features');
    const { shape, data } = reference('image_u8');
    const [, , height, width] = shape as [number, number, number, number];
    const g = Graph.create('f32');
    const image = g.input('image', 'uint8', ['N', 'H', 'W', 3]);
    const mean = [0.485, 0.456, 0.406] as const;
    const std = [0.229, 0.224, 0.225] as const;
    expect(height).toBe(width);
    const prepared = preparationGraph(g.scope('preparation'), image, height, { mean, std });
    const options = { taps: defaultTaps('mini_resnet'), project: true };
    g.output('phi', backboneGraph(g.scope('backbone'), prepared, 'mini_resnet', bundledWeights(), options));
    const pixels = Uint8Array.from(
      { length: data.length },
      (_, i) => data[(i % 3) * height * width + Math.floor(i / 3)]!,
    );
    const { phi } = await run(onnxFile(g, NOTHING), {
      image: { data: pixels, shape: [1, height, width, 3] },
    });
    expectSame({ shape: phi!.dims, data: phi!.data as Float32Array }, reference('projected'));
  });
});

describe('the preparation that is taken away', () => {
  /** onnxruntime computes weights in single precision: a level is rounded the other way here and there. */
  it.each([
    [32, 32],
    [45, 37],
    [64, 64],
    [200, 90],
    [17, 301],
  ])('of images of %i x %i differs by no more than one level', async (width, height) => {
    const size = 32;
    const images = pictures(2, width, height);
    const g = Graph.create('f32');
    const image = g.input('image', 'uint8', ['N', 'H', 'W', 3]);
    g.output(
      'levels',
      preparationGraph(g, image, size, { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] }),
    );
    const { levels } = await run(onnxFile(g, NOTHING), { image: batchOf(images) });
    const found = levels!.data as Float32Array;
    images.forEach((one, i) => {
      const { data } = resizeBilinear(one, size);
      data.forEach((level, at) => {
        const [pixel, channel] = [Math.floor(at / 3), at % 3];
        const other = found[(i * 3 + channel) * size * size + pixel]!;
        expect(Math.abs(other - level)).toBeLessThan(1.001);
      });
    });
  });
});
