// Batch normalisation that does not train as a factor and a summand a channel, so that whatever makes the values before it applies
// them while it writes (shaders/inference/fold_norm.wgsl). In place: its result lives as long as the layer.
import source from '../../../../shaders/inference/fold_norm.wgsl';
import { defineKernel } from '../../gpu/kernel';
import { Program } from '../../gpu/program';
import { tf } from '../../gpu/tf';

const program = new Program(source);

/** Parameters and running statistics of a batch norm, each [C]. */
export interface NormParts {
  mean: tf.Tensor1D;
  variance: tf.Tensor1D;
  scale: tf.Tensor1D;
  shift: tf.Tensor1D;
}

const fold = defineKernel<keyof NormParts | 'affine', { epsilon: number }>({
  name: 'FoldNorm',
  outputShapes: () => [],
  cpu: ({ values: { mean, variance, scale, shift }, attributes: { epsilon }, replace }) => {
    const channels = mean.length;
    const affine = new Float32Array(2 * channels);
    for (let c = 0; c < channels; c++) {
      const factor = scale[c]! / Math.sqrt(variance[c]! + epsilon);
      affine[c] = factor;
      affine[channels + c] = shift[c]! - mean[c]! * factor;
    }
    replace('affine', affine);
  },
  webgpu: ({ backend, inputs: { mean, variance, scale, shift, affine }, attributes: { epsilon } }) => {
    const channels = mean.shape[0]!;
    program.run(backend, {
      inputs: [mean, variance, scale, shift],
      outputs: [affine],
      uniforms: { channels, epsilon },
      workgroups: Math.ceil(channels / program.constant('THREADS')),
    });
  },
});

/**
 * Writes the factors and summands: scale / sqrt(variance + epsilon), shift - mean * factor.
 * @param affine [2, C], in place @throws Error when the shapes do not fit
 */
export function foldNorm(affine: tf.Variable<tf.Rank.R2>, parts: NormParts, epsilon: number): void {
  for (const vector of Object.values(parts)) {
    tf.util.assertShapesMatch(vector.shape, affine.shape.slice(1), 'foldNorm: ');
  }
  fold({ ...parts, affine }, { epsilon });
}
