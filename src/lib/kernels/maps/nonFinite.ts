// Counts values that are no finite numbers in one dispatch (shaders/maps/non_finite.wgsl), where they are: maxima and minima may
// hide a NaN, and a search for the nearest neighbour makes a large number of it. No gradient.
import source from '../../../../shaders/maps/non_finite.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

const program = new Program(source);

const counted = defineKernel<'x'>({
  name: 'NonFinite',
  outputShapes: ({ inputs }) => [[inputs.x.shape[0]!]],
  cpu: ({ inputs, values: { x }, outputs }) => {
    const count = x.length / inputs.x.shape[0]!;
    x.forEach((value, i) => {
      if (!Number.isFinite(value)) outputs[0]![Math.floor(i / count)]!++;
    });
  },
  webgpu: ({ backend, inputs: { x }, outputs }) => {
    const parts = x.shape[0]!;
    program.run(backend, {
      inputs: [x],
      outputs,
      uniforms: { parts, count: tf.util.sizeFromShape(x.shape) / parts },
      workgroups: parts,
    });
  },
});

/**
 * How many values of each row of the first axis are NaN or infinite.
 * @param x [B, ...] of any rank from 1, with at least one value a row
 * @returns [B]
 */
export function nonFinite(x: tf.Tensor): tf.Tensor1D {
  return counted({ x }, {})[0] as tf.Tensor1D;
}
