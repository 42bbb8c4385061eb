// UniAD's feature jitter in one dispatch (shaders/noise/feature_jitter.wgsl): noise in proportion to each token's length, drawn on
// the GPU. No gradient: it is applied to features of a frozen backbone.
import source from '../../../../shaders/noise/feature_jitter.wgsl';
import { tf } from '../../gpu/tf';
import { hash } from './hashRandom';
import { defineKernel, type CpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

interface Attributes {
  strength: number;
  seed: number;
}

const program = new Program(source);
const THREADS = program.constant('THREADS');

const jitter = defineKernel<'x', Attributes>({
  name: 'FeatureJitter',
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: jitterOnCpu,
  webgpu: ({ backend, inputs: { x }, attributes: { strength, seed }, outputs }) => {
    const channels = x.shape.at(-1)!;
    const tokens = tf.util.sizeFromShape(x.shape) / channels;
    program.run(backend, {
      inputs: [x],
      outputs,
      uniforms: { tokens, channels, strength, seed },
      workgroups: Math.ceil(tokens / THREADS),
    });
  },
});

/**
 * x + strength * |x| / C * n per token, |x| its L2 norm, n standard normal in every channel (UniAD, section 3.3).
 * @param x tokens [..., C]; @param strength the paper's jitter scale; @param seed an integer in [0, 2^32)
 */
export function featureJitter<T extends tf.Tensor>(x: T, strength: number, seed: number): T {
  return jitter({ x }, { strength, seed })[0] as T;
}

function jitterOnCpu({ inputs, values: { x }, attributes, outputs }: CpuCall<'x', Attributes>): void {
  const channels = inputs.x.shape.at(-1)!;
  const seed = hash(attributes.seed);
  for (let first = 0; first < x.length; first += channels) {
    const token = x.subarray(first, first + channels);
    const length = Math.sqrt(token.reduce((sum, value) => sum + value * value, 0));
    const deviation = (attributes.strength * length) / channels;
    token.forEach((value, c) => {
      outputs[0]![first + c] = value + deviation * normalAt(first + c, seed);
    });
  }
}

/** Standard normal, by Box and Muller: radius and angle from two hashes. */
function normalAt(index: number, seed: number): number {
  const bits = hash((index ^ seed) >>> 0);
  const radius = Math.sqrt(-2 * Math.log(((bits >>> 8) + 1) / 2 ** 24));
  return radius * Math.cos((2 * Math.PI * hash((bits ^ index) >>> 0)) / 2 ** 32);
}
