// Normal noise made where it is used (shaders/noise/gaussian_noise.wgsl): drawing a batch's worth on the CPU and uploading it takes
// longer than the rest of a training step on a fast adapter. Not the model's generator (nn/random.ts), which
// gives this one its seed.
import source from '../../../../shaders/noise/gaussian_noise.wgsl';
import { tf } from '../../gpu/tf';
import { hash } from './hashRandom';
import { defineKernel } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

interface Attributes {
  shape: number[];
  deviation: number;
  /** Two words in [0, 2^32). */
  seed: readonly [number, number];
}

const program = new Program(source);
/** Elements of a workgroup. */
const STRETCH = program.constant('STRETCH');
const UNIT = 2 ** -32;

const noise = defineKernel<never, Attributes>({
  name: 'GaussianNoise',
  outputShapes: ({ attributes: { shape } }) => [shape],
  cpu: ({ attributes: { deviation, seed }, outputs }) => {
    const values = outputs[0]!;
    for (let i = 0; i < values.length; i++) values[i] = deviation * normal(i, seed);
  },
  webgpu: ({ backend, attributes: { shape, deviation, seed }, outputs }) => {
    const count = tf.util.sizeFromShape(shape);
    program.run(backend, {
      inputs: [],
      outputs,
      uniforms: { count, firstSeed: seed[0], secondSeed: seed[1], deviation },
      workgroups: Math.ceil(count / STRETCH),
    });
  },
});

/**
 * Independent normal values of mean 0; the same for the same seed, on one adapter to the bit, between adapters to about
 * 1e-3 of the deviation. No gradient.
 * @param seed two words in [0, 2^32), new ones for every draw: Random.next() twice
 */
export function gaussianNoise<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  deviation: number,
  seed: readonly [number, number],
): tf.Tensor<R> {
  return noise({}, { shape: [...shape], deviation, seed })[0] as tf.Tensor<R>;
}

/** As in the shader, in double precision after the hash. */
function normal(index: number, [firstSeed, secondSeed]: readonly [number, number]): number {
  const first = hash((hash((index ^ firstSeed) >>> 0) + secondSeed) >>> 0);
  const second = hash((first ^ secondSeed) >>> 0);
  return Math.sqrt(-2 * Math.log(Math.min(1, (first + 1) * UNIT))) * Math.cos(2 * Math.PI * second * UNIT);
}
