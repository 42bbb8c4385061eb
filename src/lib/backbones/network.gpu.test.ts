// A folded, fused network against the same plan run one operation at a time: convolution, batch norm with its own
// statistics, activation, sum. Whole architectures against timm's values: backbone.gpu.test.ts.
import { expect, it } from 'vitest';
import { storedTensor, type StoredTensor } from '../formats/safetensors';
import { tf } from '../gpu/tf';
import { expectClose } from '../../testing/golden';
import { describeBackends } from '../../testing/gpu';
import { invertedBottleneckPlan } from './invertedBottleneck';
import { Network } from './network';
import { cutAfter, neededTensors, type Activation, type Block, type Convolution, type MapLayer, type Plan, type SqueezeExcite } from './plan'; // prettier-ignore
import { resnetPlan } from './resnet';

type Weights = Map<string, StoredTensor>;

/** Values between -0.5 and 0.5; variances between 0.5 and 1.5. Not random: the same on every machine. */
function weightsOf(plan: Plan): Weights {
  let seed = 1;
  const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
  return new Map(
    [...neededTensors(plan)].map(([name, shape]) => {
      const positive = name.endsWith('running_var') || /bn\d?\.weight|downsample\.1\.weight/.test(name);
      const data = Float32Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        () => next() + Number(positive),
      );
      return [name, storedTensor('F32', shape, new Uint8Array(data.buffer))];
    }),
  );
}

/** The plan, literally. */
class Reference {
  constructor(
    private readonly plan: Plan,
    private readonly weights: Weights,
  ) {}

  run(image: tf.Tensor4D): tf.Tensor4D {
    return this.plan.blocks.reduce((x, block) => this.#block(block, x), image);
  }

  #block({ layers, shortcut, activation }: Block, input: tf.Tensor4D): tf.Tensor4D {
    const x = layers.reduce((y, layer) => this.#layer(layer as MapLayer, y), input);
    if (shortcut === 'none') return x;
    return activated(x.add(shortcut === 'identity' ? input : this.#layer(shortcut, input)), activation);
  }

  #layer(layer: MapLayer, x: tf.Tensor4D): tf.Tensor4D {
    const pad = this.plan.padding === 'same' ? 'same' : layer.kernel >> 1;
    if (layer.kind === 'maxPool') return tf.maxPool(x, layer.kernel, layer.stride, pad);
    const gated = layer.gate ? x.mul<tf.Tensor4D>(this.#gate(layer.gate, x)) : x;
    const filter = this.#tensor(`${layer.weight}.weight`);
    const y = layer.depthwise
      ? tf.depthwiseConv2d(gated, filter.transpose([2, 3, 0, 1]), layer.stride, pad)
      : tf.conv2d(gated, filter.transpose([2, 3, 1, 0]), layer.stride, pad);
    return activated(this.#norm(layer, y), layer.activation);
  }

  #norm({ norm }: Convolution, x: tf.Tensor4D): tf.Tensor4D {
    const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
      this.#tensor(`${norm}.${part}`),
    ) as unknown as tf.Tensor1D[];
    return tf.batchNorm4d(x, mean!, variance!, beta, gamma, this.plan.epsilon);
  }

  #gate({ name }: SqueezeExcite, x: tf.Tensor4D): tf.Tensor {
    const dense = (part: string, input: tf.Tensor) =>
      tf
        .conv2d(
          input as tf.Tensor4D,
          this.#tensor(`${name}.${part}.weight`).transpose([2, 3, 1, 0]),
          1,
          'valid',
        )
        .add(this.#tensor(`${name}.${part}.bias`));
    return dense('conv_expand', activated(dense('conv_reduce', x.mean([1, 2], true)), 'silu')).sigmoid();
  }

  #tensor(name: string): tf.Tensor4D {
    const { shape, data } = this.weights.get(name)!;
    return tf.tensor(data as Float32Array, shape as [number, number, number, number]);
  }
}

function activated(x: tf.Tensor, activation: Activation): tf.Tensor4D {
  if (activation === 'silu') return x.mul(x.sigmoid());
  if (activation === 'linear') return x as tf.Tensor4D;
  return activation === 'relu6' ? x.relu6() : x.relu();
}

const TINY = { stem: 8, channels: 4 };

describeBackends('a network', () => {
  it.each<[string, Plan]>([
    ['basic blocks', resnetPlan({ family: 'resnet', block: 'basic', ...TINY, repeats: [1, 2, 1], width: 1 })],
    [
      'wide bottlenecks',
      resnetPlan({ family: 'resnet', block: 'bottleneck', ...TINY, repeats: [1, 2, 1], width: 2 }),
    ],
    ['inverted bottlenecks', cutAfter(invertedBottleneckPlan({ family: 'efficientnet', width: 0.25, depth: 1, padding: 'same', epsilon: 1e-3 }), 'blocks.2')], // prettier-ignore
    ['inverted bottlenecks without gates', cutAfter(invertedBottleneckPlan({ family: 'mobilenetv2', width: 0.25, depth: 1, padding: 'symmetric', epsilon: 1e-5 }), 'blocks.2')], // prettier-ignore
  ])('of %s equals its plan run one operation at a time', async (_, plan) => {
    const backend = tf.getBackend();
    const { numTensors } = tf.memory();
    const weights = weightsOf(plan);
    const values = Float32Array.from({ length: 2 * 33 * 30 * 3 }, (_, i) => Math.sin(i * i));
    // tfjs's own shaders would take long to compile, so its part runs on the CPU.
    await tf.setBackend('cpu');
    const expected = tf.tidy(() => new Reference(plan, weights).run(tf.tensor4d(values, [2, 33, 30, 3])));
    const reference = await expected.data();
    await tf.setBackend(backend);
    expect(Math.max(...reference) - Math.min(...reference), 'something to compare').toBeGreaterThan(0.5);

    const network = Network.load('test', plan, weights);
    const image = tf.tensor4d(values, [2, 33, 30, 3]);
    const [map] = network.run(image, [plan.blocks.at(-1)!.stage]);
    expect(map!.shape).toEqual(expected.shape);
    // Sums of values as large as the largest output cancel to small ones: float32 rounds at that scale.
    expectClose(await map!.data(), reference, { atol: 1e-6 * Math.max(...reference) });
    network.dispose();
    tf.dispose([image, map!, expected]);
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
