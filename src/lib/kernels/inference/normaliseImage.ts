// Instance normalisation in one dispatch, for a network that does not train (shaders/inference/normalise_image.wgsl). Training's is
// instanceNormalise(), in three, which keep its statistics for the backward pass.
import source from '../../../../shaders/inference/normalise_image.wgsl';
import { onHardware } from '../../gpu/adapterClass';
import { defineKernel } from '../../gpu/kernel';
import { Program } from '../../gpu/program';
import type { tf } from '../../gpu/tf';
import { instanceNormalise } from '../normalise/normalise';
import { layoutOf, plainAffine } from '../normalise/normaliseLayout';
import { momentsOf, normalise } from '../normalise/normaliseReference';

const program = new Program(source);
/** Channels of a workgroup, in vectors of four, and from how many pixels on three dispatches fill a GPU better. */
const [COLUMNS, MANY_PIXELS] = [program.constant('COLUMNS'), 8192];

/** As instanceNormalise(), without a gradient, and in one dispatch where that pays. @param x [B, H, W, C] */
export function inferInstanceNorm(x: tf.Tensor4D, epsilon: number): tf.Tensor4D {
  const [, height, width, channels] = x.shape;
  const pays = onHardware() && channels % 4 === 0 && height * width < MANY_PIXELS;
  return pays ? normaliseImage(x, epsilon) : instanceNormalise(x, epsilon);
}

/** In one dispatch. @param x [B, H, W, C], C a multiple of 4 */
export function normaliseImage(x: tf.Tensor4D, epsilon: number): tf.Tensor4D {
  return inOne({ x }, { epsilon })[0] as tf.Tensor4D;
}

const inOne = defineKernel<'x', { epsilon: number }>({
  name: 'NormaliseImage',
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: ({ inputs, values: { x }, attributes: { epsilon }, outputs }) => {
    const layout = layoutOf(inputs.x, inputs.x.shape[0]!);
    const how = { epsilon, unbiased: true, activation: 'linear' } as const;
    normalise(x, momentsOf(x, layout), plainAffine(layout), layout, how, outputs[0]!);
  },
  webgpu: ({ backend, inputs, attributes: { epsilon }, outputs }) => {
    const [images, height, width, channels] = inputs.x.shape as [number, number, number, number];
    program.run(backend, {
      inputs: [inputs.x],
      outputs,
      uniforms: { images, pixels: height * width, channels: channels / 4, epsilon },
      workgroups: images * Math.ceil(channels / 4 / COLUMNS),
    });
  },
});
