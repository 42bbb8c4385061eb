// The linear layer y = x W + b on rows, which is also a 1x1 convolution, with its gradients as matrix products of one shader.
// tfjs's own matMul is two to ten times slower on adapters that compute on the CPU, its convolution gradient far
// slower still, and its long sums add with atomics: other bits at every run.
import { tf } from '../../gpu/tf';
import { defineKernel, type WasmCall } from '../../gpu/kernel';
import {
  matrixProduct,
  multiplyOnCpu,
  multiplyOnGpu,
  multiplyOnWasm,
  plain,
  repeated,
  transposed,
  type ProductSizes,
} from './matrixProduct';

/**
 * y = x W (+ b), differentiable in all arguments, with the same bits at every run.
 * @param x [..., p]; leading axes are kept
 * @param weight [p, q]
 * @param bias [q]
 * @returns [..., q]
 * @throws Error when the shapes do not fit
 */
export function linear<T extends tf.Tensor>(x: T, weight: tf.Tensor2D, bias?: tf.Tensor1D | null): T {
  const [inputs, outputs] = weight.shape;
  tf.util.assert(
    x.shape.at(-1) === inputs,
    () => `linear: x [${x.shape}] does not fit weight [${weight.shape}]`,
  );
  if (bias) tf.util.assertShapesMatch(bias.shape, [outputs], 'linear, bias: ');
  return tf.tidy(() => {
    const rows = x.reshape<tf.Tensor2D>([-1, inputs]);
    const [y] = bias ? affine({ x: rows, weight, bias }, {}) : product({ x: rows, weight }, {});
    return y!.reshape([...x.shape.slice(0, -1), outputs]) as T;
  });
}

type Inputs = Record<'x' | 'weight', tf.TensorInfo>;

const product = defineKernel<'x' | 'weight'>({
  name: 'Linear',
  outputShapes: ({ inputs }) => [outputShape(inputs)],
  cpu: ({ inputs, values, outputs }) =>
    multiplyOnCpu(values.x, values.weight, null, forward(inputs), outputs[0]!),
  webgpu: ({ backend, inputs, outputs, scratch }) => {
    const { x: a, weight: b } = inputs;
    multiplyOnGpu({ backend, a, b, bias: null, sizes: forward(inputs), product: outputs[0]!, scratch });
  },
  wasm: (call) => [onWasm(call, null)],
  gradient: { save: ['x', 'weight'], of: ([dy], { inputs }) => gradients(inputs, dy as tf.Tensor2D) },
});

const affine = defineKernel<'x' | 'weight' | 'bias'>({
  name: 'LinearWithBias',
  outputShapes: ({ inputs }) => [outputShape(inputs)],
  cpu: ({ inputs, values, outputs }) =>
    multiplyOnCpu(values.x, values.weight, values.bias, forward(inputs), outputs[0]!),
  webgpu: ({ backend, inputs, outputs, scratch }) => {
    const { x: a, weight: b, bias } = inputs;
    multiplyOnGpu({ backend, a, b, bias, sizes: forward(inputs), product: outputs[0]!, scratch });
  },
  wasm: (call) => [onWasm(call, call.inputs.bias)],
  gradient: {
    save: ['x', 'weight'],
    of: ([dy], { inputs }) => ({
      ...gradients(inputs, dy as tf.Tensor2D),
      bias: () => columnSums(dy as tf.Tensor2D),
    }),
  },
});

const onWasm = (call: WasmCall<'x' | 'weight', object>, bias: tf.TensorInfo | null) =>
  multiplyOnWasm(call, { a: call.inputs.x, b: call.inputs.weight, bias }, forward(call.inputs));

/** dy W^T and x^T dy */
function gradients({ x, weight }: Record<'x' | 'weight', tf.Tensor>, dy: tf.Tensor2D) {
  const { rows, inner: inputs, columns: outputs } = forward({ x, weight });
  const input: ProductSizes = {
    rows,
    inner: outputs,
    columns: inputs,
    a: plain(outputs),
    b: transposed(outputs),
  };
  const kernel: ProductSizes = {
    rows: inputs,
    inner: rows,
    columns: outputs,
    a: transposed(inputs),
    b: plain(outputs),
  };
  return {
    x: () => matrixProduct({ a: dy, b: weight }, input)[0]!,
    weight: () => matrixProduct({ a: x, b: dy }, kernel)[0]!,
  };
}

/** A row of ones times dy [N, q]: [q]. */
function columnSums(dy: tf.Tensor2D): tf.Tensor1D {
  const [rows, columns] = dy.shape;
  const sizes = { rows: 1, inner: rows, columns, a: repeated, b: plain(columns) };
  return matrixProduct({ a: tf.tensor1d([1]), b: dy }, sizes)[0]!.reshape([columns]);
}

function forward({ x, weight }: Inputs): ProductSizes {
  const [inner, columns] = weight.shape as [number, number];
  return { rows: x.shape[0]!, inner, columns, a: plain(inner), b: plain(columns) };
}

function outputShape({ x, weight }: Inputs): number[] {
  return [x.shape[0]!, weight.shape[1]!];
}
