// Mean of every channel over an image's pixels, trainable and deterministic (shaders/normalise/channel_sums.wgsl): tfjs transposes
// the whole map first. Squeeze-and-excite and the global coordinates begin with it.
import meanSource from '../../../../shaders/convolution/channel_mean.wgsl';
import source from '../../../../shaders/normalise/channel_sums.wgsl';
import sumSource from '../../../../shaders/linear/sum_slices.wgsl';
import { tf } from '../../gpu/tf';
import { onHardware } from '../../gpu/adapterClass';
import { defineKernel } from '../../gpu/kernel';
import { onlyProcessor, processorValues } from '../../gpu/processor';
import { Program } from '../../gpu/program';

const programs = {
  means: new Program(meanSource),
  slices: new Program(source),
  sum: new Program(sumSource),
};
/** Up to so many, one dispatch fills a GPU as well as two. */
const FEW_PIXELS = 4096;
const THREADS = programs.slices.constant('THREADS');
const SLICE = programs.slices.constant('SLICE');

/** @param x [B, H, W, C] @returns the means over H and W, [B, C]; differentiable */
export function channelMeans(x: tf.Tensor4D): tf.Tensor2D {
  return means({ x }, {})[0] as tf.Tensor2D;
}

const means = defineKernel<'x'>({
  name: 'ChannelMeans',
  outputShapes: ({ inputs }) => [[inputs.x.shape[0]!, inputs.x.shape[3]!]],
  cpu: ({ inputs, values, outputs }) => {
    const [, height, width, channels] = inputs.x.shape as [number, number, number, number];
    const pixels = height * width;
    const [{ x }, y] = [values, outputs[0]!];
    for (let pixel = 0; pixel < x.length / channels; pixel++) {
      const [from, to] = [pixel * channels, Math.floor(pixel / pixels) * channels];
      for (let c = 0; c < channels; c++) y[to + c]! += x[from + c]! / pixels;
    }
  },
  webgpu: ({ backend, inputs, outputs, scratch }) => {
    const [batch, height, width, channels] = inputs.x.shape as [number, number, number, number];
    const pixels = height * width;
    if (onHardware() && channels % 4 === 0 && pixels <= FEW_PIXELS) {
      programs.means.run(backend, {
        inputs: [inputs.x],
        outputs,
        uniforms: { batch, pixels, channels: channels / 4 },
        workgroups: batch * Math.ceil(channels / 4 / programs.means.constant('COLUMNS')),
      });
      return;
    }
    const slices = Math.ceil(pixels / SLICE);
    const count = batch * channels;
    const partials = scratch([slices, count]);
    programs.slices.run(backend, {
      inputs: [inputs.x],
      outputs: [partials],
      uniforms: { batch, pixels, channels, factor: 1 / pixels },
      workgroups: Math.ceil((slices * count) / THREADS),
    });
    programs.sum.run(backend, {
      inputs: [partials],
      outputs,
      uniforms: { count, slices },
      workgroups: Math.ceil(count / programs.sum.constant('THREADS')),
    });
  },
  gradient: {
    // Only its shape is needed, but that is not known otherwise.
    save: ['x'],
    of: ([dy], { inputs: { x } }) => ({
      x: () => {
        const [batch, height, width, channels] = x.shape as [number, number, number, number];
        const share = dy!.mul(1 / (height * width)).reshape<tf.Tensor4D>([batch, 1, 1, channels]);
        return onlyProcessor() ? repeated(share, height * width).reshape(x.shape) : share.tile([1, height, width, 1]); // prettier-ignore
      },
    }),
  },
});

/** Every image's means so many times: what tfjs's wasm backend tiles value by value. @param share [B, 1, 1, C] */
function repeated(share: tf.Tensor4D, pixels: number): tf.Tensor3D {
  const [batch, , , channels] = share.shape;
  const from = processorValues(share);
  const values = new Float32Array(batch * pixels * channels);
  for (let at = 0; at < values.length; at += channels) {
    const image = Math.floor(at / (pixels * channels)) * channels;
    values.set(from.subarray(image, image + channels), at);
  }
  return tf.tensor3d(values, [batch, pixels, channels]);
}
