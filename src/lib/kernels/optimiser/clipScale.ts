// Global-norm gradient clipping without a readback: norm and factor stay on the GPU, where AdamW reads the factor.
// One small dispatch a gradient and one at the end (shaders/optimiser/sum_of_squares.wgsl, clip_scale.wgsl).
import clipSource from '../../../../shaders/optimiser/clip_scale.wgsl';
import sumSource from '../../../../shaders/optimiser/sum_of_squares.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

interface Attributes {
  maximum: number;
}

const programs = {
  sum: new Program(sumSource),
  clip: new Program(clipSource),
};
/** Elements that one workgroup takes before there is a second, and how many workgroups there may be. */
const [STRETCH, MOST_GROUPS] = [16_384, 64];
/** torch's guard against a division by zero. */
const GUARD = 1e-6;

const clip = defineKernel<string, Attributes>({
  name: 'ClipScale',
  outputShapes: () => [[], []],
  cpu: clipOnCpu,
  webgpu: clipOnGpu,
});

/**
 * The global norm of all gradients and the factor that limits it: min(1, maximum / (norm + 1e-6)), as torch's
 * clip_grad_norm_. The gradients themselves are left as they are; give `scale` to adamwUpdate.
 * @param gradients at least one tensor, of any shapes
 * @param maximum the largest norm to let through
 * @returns two scalars, to be disposed of
 */
export function clipScale(
  gradients: readonly tf.Tensor[],
  maximum: number,
): { norm: tf.Scalar; scale: tf.Scalar } {
  const [norm, scale] = clip(Object.fromEntries(gradients.map((tensor, i) => [`${i}`, tensor])), { maximum });
  return { norm: norm as tf.Scalar, scale: scale as tf.Scalar };
}

function clipOnCpu({ values, outputs, attributes: { maximum } }: CpuCall<string, Attributes>): void {
  let sum = 0;
  for (const gradient of Object.values(values)) for (const value of gradient) sum += value * value;
  outputs[0]![0] = Math.sqrt(sum);
  outputs[1]![0] = Math.min(1, maximum / (Math.sqrt(sum) + GUARD));
}

function clipOnGpu({ backend, inputs, outputs, scratch, attributes }: WebgpuCall<string, Attributes>): void {
  const gradients = Object.values(inputs).map((tensor) => ({
    tensor,
    count: tf.util.sizeFromShape(tensor.shape),
  }));
  const groups = gradients.map(({ count }) => Math.min(MOST_GROUPS, Math.ceil(count / STRETCH)));
  const total = groups.reduce((sum, group) => sum + group, 0);
  const partials = scratch([total]);
  let offset = 0;
  gradients.forEach(({ tensor, count }, i) => {
    const workgroups = groups[i]!;
    programs.sum.run(backend, {
      inputs: [tensor],
      outputs: [partials],
      uniforms: { count, offset },
      workgroups,
    });
    offset += workgroups;
  });
  programs.clip.run(backend, {
    inputs: [partials],
    outputs,
    uniforms: { count: total, maximum: attributes.maximum },
    workgroups: 1,
  });
}
