// The running statistics of batch normalisation: moved in place towards a batch's, in one dispatch
// (shaders/normalise/running_statistics.wgsl). What the batch's are, normalise.ts says.
import source from '../../../../shaders/normalise/running_statistics.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

const program = new Program(source);
const THREADS = program.constant('THREADS');

/**
 * Moves the running statistics towards a batch's, in place, with torch's conventions: running += momentum *
 * (observed - running), the observed variance being the unbiased one.
 * @param batch what batchNormTraining returned; @param rows values per channel in that batch (B * H * W)
 */
export function followStatistics(
  runningMean: tf.Variable,
  runningVariance: tf.Variable,
  { mean, variance }: { mean: tf.Tensor1D; variance: tf.Tensor1D },
  { momentum, rows }: { momentum: number; rows: number },
): void {
  for (const vector of [runningVariance, mean, variance]) {
    tf.util.assertShapesMatch(vector.shape, runningMean.shape, 'followStatistics: ');
  }
  follow({ runningMean, runningVariance, mean, variance }, { momentum, rows });
}

const follow = defineKernel<
  'mean' | 'variance' | 'runningMean' | 'runningVariance',
  { momentum: number; rows: number }
>({
  name: 'FollowStatistics',
  outputShapes: () => [],
  cpu: ({ values, attributes: { momentum, rows }, replace }) => {
    replace('runningMean', followed(values.runningMean, values.mean, momentum, 1));
    replace('runningVariance', followed(values.runningVariance, values.variance, momentum, unbias(rows)));
  },
  webgpu: ({ backend, inputs: { runningMean, runningVariance, mean, variance }, attributes }) => {
    const channels = mean.shape[0]!;
    program.run(backend, {
      inputs: [mean, variance],
      outputs: [runningMean, runningVariance],
      uniforms: { channels, momentum: attributes.momentum, correction: unbias(attributes.rows) },
      workgroups: Math.ceil(channels / THREADS),
    });
  },
});

/** Moved towards `correction` times what was observed. */
export function followed(
  running: Float32Array,
  observed: Float32Array,
  momentum: number,
  correction: number,
): Float32Array {
  return running.map((value, i) => value + momentum * (observed[i]! * correction - value));
}

/** From the biased to the unbiased variance. */
export function unbias(rows: number): number {
  return rows / Math.max(rows - 1, 1);
}
