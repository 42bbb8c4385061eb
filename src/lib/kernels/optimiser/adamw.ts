// AdamW as one dispatch a variable: parameter and moments are updated where they lie (shaders/optimiser/adamw.wgsl). Which
// variables train, and at what rate, the trainer knows (nn/optimiser.ts).
import source from '../../../../shaders/optimiser/adamw.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

/** Numbers of one step, in torch's names. */
export interface AdamwStep {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Number of this step, from 1. */
  step: number;
}

type Inputs = 'parameter' | 'm' | 'v' | 'gradient' | 'scale';

const program = new Program(source);
/** Elements of a workgroup. */
const STRETCH = program.constant('STRETCH');

const update = defineKernel<Inputs, AdamwStep>({
  name: 'AdamwUpdate',
  outputShapes: () => [],
  cpu: updateOnCpu,
  webgpu: updateOnGpu,
});

/**
 * One step of AdamW with decoupled weight decay, exactly torch.optim.AdamW, in place.
 *
 * In place means: whatever shares a buffer with `parameter`, `m` or `v` changes too. `clone()` and `reshape()` share,
 * and so does the tensor a variable was made from; to keep values, read them with data().
 * @param parameter the variable to train, or some end to end (packing.ts)
 * @param m first moment, `parameter`'s shape, zeros before step 1
 * @param v second moment, likewise
 * @param gradient of the loss, `parameter`'s shape
 * @param clipScale scalar on the GPU by which the gradient is multiplied first (kernels/clipScale.ts)
 * @throws Error when the shapes do not fit
 */
export function adamwUpdate(
  parameter: tf.Tensor,
  m: tf.Variable,
  v: tf.Variable,
  gradient: tf.Tensor,
  clipScale: tf.Tensor,
  step: AdamwStep,
): void {
  for (const tensor of [m, v, gradient]) {
    tf.util.assertShapesMatch(tensor.shape, parameter.shape, 'adamwUpdate: ');
  }
  tf.util.assert(clipScale.size === 1, () => 'adamwUpdate: clipScale must be a scalar');
  update({ parameter, m, v, gradient, scale: clipScale }, step);
}

function updateOnCpu({ values, attributes, replace }: CpuCall<Inputs, AdamwStep>): void {
  const { beta1, beta2, epsilon } = attributes;
  const { decay, rate, rootCorrection } = corrections(attributes);
  const scale = values.scale[0]!;
  const { gradient } = values;
  const [parameter, m, v] = [values.parameter.slice(), values.m.slice(), values.v.slice()];
  for (let i = 0; i < parameter.length; i++) {
    const slope = scale * gradient[i]!;
    m[i] = beta1 * m[i]! + (1 - beta1) * scale * gradient[i]!;
    v[i] = beta2 * v[i]! + (1 - beta2) * slope * slope;
    parameter[i] = decay * parameter[i]! - (rate * m[i]!) / (Math.sqrt(v[i]!) / rootCorrection + epsilon);
  }
  replace('m', m);
  replace('v', v);
  replace('parameter', parameter);
}

function updateOnGpu({ backend, inputs, attributes }: WebgpuCall<Inputs, AdamwStep>): void {
  const { beta1, beta2, epsilon } = attributes;
  const count = tf.util.sizeFromShape(inputs.parameter.shape);
  program.run(backend, {
    inputs: [inputs.gradient, inputs.scale],
    outputs: [inputs.parameter, inputs.m, inputs.v],
    uniforms: { ...corrections(attributes), count, beta1, beta2, epsilon },
    workgroups: Math.ceil(count / STRETCH),
  });
}

/** What depends on the step alone, in double precision: beta2 ** t is too close to 1 for f32. */
function corrections({ learningRate, beta1, beta2, weightDecay, step }: AdamwStep) {
  return {
    decay: 1 - learningRate * weightDecay,
    rate: learningRate / (1 - beta1 ** step),
    rootCorrection: Math.sqrt(1 - beta2 ** step),
  };
}
