// The fusion of two branches, a + weight * b, and the mean squared error it is trained with: a few dispatches forward and back
// where operations of tfjs take fifteen (shaders/linear/weighted_sum.wgsl, pair_sums.wgsl). The weight stays on the GPU.
import pairSource from '../../../../shaders/linear/pair_sums.wgsl';
import sumSource from '../../../../shaders/linear/sum_slices.wgsl';
import weightedSource from '../../../../shaders/linear/weighted_sum.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel, type KernelOp, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

const programs = {
  combine: new Program(weightedSource),
  pairs: new Program(pairSource),
  sum: new Program(sumSource),
};
/** Elements of a workgroup. */
const STRETCH = programs.combine.constant('STRETCH');

/**
 * a + weight * b, differentiable in all three, deterministic.
 * @param a, @param b tensors of one shape
 * @param weight a single number, of any rank
 * @throws Error when the shapes do not fit
 */
export function weightedSum<T extends tf.Tensor>(a: T, b: T, weight: tf.Tensor): T {
  tf.util.assertShapesMatch(b.shape, a.shape, 'weightedSum: ');
  tf.util.assert(
    weight.size === 1,
    () => `weightedSum: the weight must be one number, not [${weight.shape}]`,
  );
  return combine({ a, b, weight }, { difference: false, factor: 1 })[0] as T;
}

/**
 * Mean of (target - prediction)^2 over all elements, a scalar; differentiable in both, deterministic.
 * @throws Error when the shapes do not fit
 */
export function meanSquaredError(target: tf.Tensor, prediction: tf.Tensor): tf.Scalar {
  tf.util.assertShapesMatch(prediction.shape, target.shape, 'meanSquaredError: ');
  const mean = { difference: true, factor: 1 / target.size };
  return pairSum({ a: target, b: prediction }, mean)[0] as tf.Scalar;
}

interface Attributes {
  difference: boolean;
  factor: number;
}

/** a + factor * weight * b, or of the difference, factor * weight * (b - a). */
const combine: KernelOp<'a' | 'b' | 'weight', Attributes> = defineKernel<'a' | 'b' | 'weight', Attributes>({
  name: 'WeightedSum',
  outputShapes: ({ inputs }) => [inputs.a.shape],
  cpu: ({ values: { a, b, weight }, attributes: { difference, factor }, outputs }) => {
    const scale = factor * weight[0]!;
    outputs[0]!.set(a.map((value, i) => (difference ? scale * (b[i]! - value) : value + scale * b[i]!)));
  },
  webgpu: ({ backend, inputs: { a, b, weight }, attributes: { difference, factor }, outputs }) => {
    const count = tf.util.sizeFromShape(a.shape);
    programs.combine.run(backend, {
      inputs: [a, b, weight],
      outputs,
      constants: { DIFFERENCE: Number(difference) },
      uniforms: { count, factor },
      workgroups: Math.ceil(count / STRETCH),
    });
  },
  gradient: {
    save: ['b', 'weight'],
    of: ([dy], { inputs: { b, weight } }) => ({
      a: () => dy!.clone(),
      b: () => dy!.mul(weight.asScalar()),
      weight: () => pairSum({ a: dy!, b }, { difference: false, factor: 1 })[0]!.reshape(weight.shape),
    }),
  },
});

/** The sum over factor * a * b, or of the differences, over factor * (a - b)^2: a scalar. */
const pairSum: KernelOp<'a' | 'b', Attributes> = defineKernel<'a' | 'b', Attributes>({
  name: 'PairSum',
  outputShapes: () => [[]],
  cpu: ({ values: { a, b }, attributes: { difference, factor }, outputs }) => {
    const term = (i: number) => (difference ? (a[i]! - b[i]!) ** 2 : a[i]! * b[i]!);
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += term(i);
    outputs[0]![0] = factor * sum;
  },
  webgpu: pairSumOnGpu,
  gradient: {
    save: ['a', 'b'],
    of: ([dy], { inputs: { a, b }, attributes: { difference, factor } }) => {
      const slope = (to: tf.Tensor, from: tf.Tensor) =>
        difference
          ? combine({ a: from, b: to, weight: dy! }, { difference, factor: 2 * factor })[0]!
          : from.mul(dy!.mul(factor));
      return { a: () => slope(a, b), b: () => slope(b, a) };
    },
  },
});

function pairSumOnGpu({
  backend,
  inputs: { a, b },
  attributes,
  outputs,
  scratch,
}: WebgpuCall<'a' | 'b', Attributes>): void {
  const count = tf.util.sizeFromShape(a.shape);
  const lanes = lanesFor(count);
  const partials = scratch([lanes]);
  programs.pairs.run(backend, {
    inputs: [a, b],
    outputs: [partials],
    constants: { DIFFERENCE: Number(attributes.difference) },
    uniforms: { count, lanes, factor: attributes.factor },
    workgroups: Math.ceil(lanes / programs.pairs.constant('THREADS')),
  });
  programs.sum.run(backend, {
    inputs: [partials],
    outputs,
    uniforms: { count: 1, slices: lanes },
    workgroups: 1,
  });
}

/** The power of two at or below the root: as many lanes as pairs a lane. */
function lanesFor(count: number): number {
  return 2 ** Math.floor(Math.log2(Math.sqrt(count)));
}
