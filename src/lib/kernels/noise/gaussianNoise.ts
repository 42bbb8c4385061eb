// Normal noise made where it is used (shaders/noise/gaussian_noise.wgsl): drawing a batch's worth on the CPU and uploading it takes
// longer than the rest of a training step on a fast adapter. Not the model's generator (model/random.ts), which
// gives this one its seed.
import source from '../../../../shaders/noise/gaussian_noise.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel } from '../../gpu/kernel';
import { f32, Program, u32 } from '../../gpu/program';

interface Attributes {
  shape: number[];
  deviation: number;
  /** Two words in [0, 2^32). */
  seed: readonly [number, number];
}

const program = new Program('gaussian_noise', source);
/** Elements of a workgroup, as in the shader. */
const STRETCH = 512;
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
      uniforms: [u32(count), u32(seed[0]), u32(seed[1]), f32(deviation)],
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
  const first = pcg((pcg((index ^ firstSeed) >>> 0) + secondSeed) >>> 0);
  const second = pcg((first ^ secondSeed) >>> 0);
  return Math.sqrt(-2 * Math.log(Math.min(1, (first + 1) * UNIT))) * Math.cos(2 * Math.PI * second * UNIT);
}

function pcg(word: number): number {
  const state = (Math.imul(word, 747796405) + 2891336453) >>> 0;
  const mixed = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((mixed >>> 22) ^ mixed) >>> 0;
}
