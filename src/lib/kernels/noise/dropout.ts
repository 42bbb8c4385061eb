// Dropout whose choice is a hash of seed and position (shaders/noise/dropout.wgsl): tfjs draws its own on the CPU, number by
// number, and cannot find them again for the backward pass without keeping them.
import source from '../../../../shaders/noise/dropout.wgsl';
import { tf } from '../../gpu/tf';
import { dropFactor, dropRule, type DropRule } from './hashRandom';
import { defineKernel, type KernelOp } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

const program = new Program(source);
const THREADS = program.constant('THREADS');

const drop: KernelOp<'x', DropRule> = defineKernel<'x', DropRule>({
  name: 'Dropout',
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: ({ values, attributes, outputs }) =>
    outputs[0]!.set(values.x.map((value, index) => dropFactor(attributes, index) * value)),
  webgpu: ({ backend, inputs, attributes: { threshold, kept, seed }, outputs }) => {
    const count = tf.util.sizeFromShape(inputs.x.shape);
    program.run(backend, {
      inputs: [inputs.x],
      outputs,
      uniforms: { count, threshold, kept, seed },
      workgroups: Math.ceil(count / THREADS),
    });
  },
  gradient: { save: [], of: ([dy], { attributes }) => ({ x: () => drop({ x: dy! }, attributes)[0]! }) },
});

/**
 * Sets a share of the elements to zero and scales the others so that the expectation stays. Differentiable.
 * @param x any shape; @param rate the share, in [0, 1); @param seed which ones: an integer in [0, 2^32)
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, seed: number): T {
  return drop({ x }, dropRule(rate, seed))[0] as T;
}
