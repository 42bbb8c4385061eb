// Counts values that are no finite numbers in one dispatch (shaders/maps/non_finite.wgsl), where they are: maxima and minima may
// hide a NaN, and a search for the nearest neighbour makes a large number of it. No gradient.
import source from '../../../../shaders/maps/non_finite.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

const program = new Program(source);

/** Workgroups an image: one alone would take longer over a large feature map than a live update has. */
const GROUPS = program.constant('GROUPS');
/** Numbers that `nonFinite` gives of an image: a count of each group in the input, then of each in the maps. */
export const COUNTS = 2 * GROUPS;

type Input = 'input' | 'first' | 'second' | 'third';
const NAMES = ['input', 'first', 'second', 'third'] as const;

/** @param maps how many there are; the inputs of the others are the first one's, and not looked at */
const counted = defineKernel<Input, { maps: number }>({
  name: 'NonFinite',
  outputShapes: ({ inputs }) => [[inputs.input.shape[0]!, COUNTS]],
  cpu: ({ inputs, values, attributes: { maps }, outputs }) => {
    NAMES.slice(0, 1 + maps).forEach((name, i) => {
      const count = valuesAnImage(inputs[name]);
      values[name].forEach((value, at) => {
        if (!Number.isFinite(value)) outputs[0]![COUNTS * Math.floor(at / count) + (i > 0 ? GROUPS : 0)]!++;
      });
    });
  },
  webgpu: ({ backend, inputs, attributes: { maps }, outputs }) => {
    const images = inputs.input.shape[0]!;
    const [input, first, second, third] = NAMES.map((name, i) =>
      i <= maps ? valuesAnImage(inputs[name]) : 0,
    ) as [number, number, number, number];
    program.run(backend, {
      inputs: NAMES.map((name) => inputs[name]),
      outputs,
      uniforms: { images, input, first, second, third },
      workgroups: images * GROUPS,
    });
  },
});

const valuesAnImage = ({ shape }: tf.TensorInfo): number => tf.util.sizeFromShape(shape.slice(1));

/**
 * How many values of each image are NaN or infinite, as partial counts: `countsOf` adds up those of an image once they
 * are read.
 * @param input [B, ...] and `maps` [B, ...], at most three, each of any rank from 1 with at least one value an image
 * @returns [B, COUNTS]
 */
export function nonFinite(input: tf.Tensor, ...maps: tf.Tensor[]): tf.Tensor2D {
  const [first = input, second = first, third = first] = maps;
  return counted({ input, first, second, third }, { maps: maps.length })[0] as tf.Tensor2D;
}

/** How many values are not finite, from one image's row of `nonFinite`. */
export function countsOf(row: Float32Array): { input: number; maps: number } {
  const sum = (counts: Float32Array) => counts.reduce((all, count) => all + count, 0);
  return { input: sum(row.subarray(0, GROUPS)), maps: sum(row.subarray(GROUPS, COUNTS)) };
}
