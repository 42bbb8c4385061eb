// Features as a model wants them, centred and scaled by channel in one dispatch (shaders/inference/normalise_features.wgsl); the
// statistics stay on the GPU. No gradient: features are frozen.
import source from '../../../../shaders/inference/normalise_features.wgsl';
import { defineKernel } from '../../gpu/kernel';
import { keptTensor } from '../../gpu/kept';
import { Program } from '../../gpu/program';
import { tf } from '../../gpu/tf';

/** One number a channel each; the object stands for its numbers, which must not change. */
export interface ChannelScaling {
  readonly mean: Float32Array;
  readonly factor: Float32Array;
}

const program = new Program(source);

/** (x - mean) * factor. @param x [..., C] @throws Error when the lengths do not fit */
export function scaleChannels<T extends tf.Tensor>(x: T, scaling: ChannelScaling): T {
  const { mean, factor } = scaling;
  tf.util.assertShapesMatch(
    [mean.length, factor.length],
    [x.shape.at(-1)!, x.shape.at(-1)!],
    'scaleChannels: ',
  );
  return scale({ x }, scaling)[0] as T;
}

const scale = defineKernel<'x', ChannelScaling>({
  name: 'ScaleChannels',
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: ({ values: { x }, attributes: { mean, factor }, outputs }) => {
    for (let first = 0; first < x.length; first += mean.length) {
      for (let c = 0; c < mean.length; c++)
        outputs[0]![first + c] = Math.fround(x[first + c]! - mean[c]!) * factor[c]!;
    }
  },
  webgpu: ({ backend, inputs: { x }, attributes, outputs }) => {
    const channels = attributes.mean.length;
    const statistics = keptTensor(backend, attributes.mean, () => ({
      shape: [2, channels],
      values: Float32Array.from([...attributes.mean, ...attributes.factor]),
    }));
    const count = tf.util.sizeFromShape(x.shape);
    program.run(backend, {
      inputs: [x, statistics],
      outputs,
      uniforms: { count, channels },
      workgroups: Math.ceil(count / program.constant('THREADS')),
    });
  },
});
