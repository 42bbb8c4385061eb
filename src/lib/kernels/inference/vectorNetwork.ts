// Two small linear layers in a row on one vector an image, with their gradients: the gate of squeeze-and-excite, and the global
// coordinates. One dispatch forward and two back, where operations of tfjs take thirty (shaders/inference/vector_network*.wgsl).
import gradientSource from '../../../../shaders/inference/vector_network_gradient.wgsl';
import networkSource from '../../../../shaders/inference/vector_network.wgsl';
import weightsSource from '../../../../shaders/inference/vector_network_weights.wgsl';
import { onHardware } from '../../gpu/adapterClass';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';
import { tf } from '../../gpu/tf';

export type VectorActivation = 'relu' | 'tanh' | 'hard-sigmoid';

/** As the shaders number them. */
const CODES: Record<VectorActivation, number> = { relu: 0, tanh: 1, 'hard-sigmoid': 2 };

export interface VectorLayer {
  /** [p, q] */
  weight: tf.Tensor2D;
  /** [q]; both layers have one or neither. */
  bias: tf.Tensor1D | null;
  /** Hard-sigmoid is torch's, relu6(x + 3) / 6. */
  activation: VectorActivation;
}

interface Attributes {
  first: VectorActivation;
  second: VectorActivation;
}

type Weights = 'firstWeight' | 'secondWeight';
type Biases = 'firstBias' | 'secondBias';

const programs = {
  network: new Program(networkSource),
  gradient: new Program(gradientSource),
  weights: new Program(weightsSource),
};
/** What workgroup memory is laid out for. */
const MOST_HIDDEN = programs.network.constant('MAX_HIDDEN');
const MOST_OUTPUTS = programs.gradient.constant('MAX_OUTPUTS');

/** Whether vectorNetwork() takes layers of these widths. */
const fits = (hidden: number, outputs: number): boolean => hidden <= MOST_HIDDEN && outputs <= MOST_OUTPUTS;

/** Whether vectorNetwork() is the way to compute layers of these widths; elsewhere single operations are. */
export const isVectorNetwork = (hidden: number, outputs: number): boolean =>
  onHardware() && fits(hidden, outputs);

/**
 * second(first(x W1 + b1) W2 + b2), differentiable in x, weights and biases, deterministic.
 * @param x [B, p], a vector an image; the layer between of at most 1,024, the result of 3,072
 * @returns [B, q]
 * @throws Error when the shapes do not fit
 */
export function vectorNetwork(x: tf.Tensor2D, first: VectorLayer, second: VectorLayer): tf.Tensor2D {
  const [inputs, hidden] = first.weight.shape;
  const outputs = second.weight.shape[1];
  tf.util.assertShapesMatch([x.shape[1], hidden], [inputs, second.weight.shape[0]], 'vectorNetwork: ');
  tf.util.assert(fits(hidden, outputs), () => `vectorNetwork: ${hidden} and ${outputs} are too wide`);
  const attributes = { first: first.activation, second: second.activation };
  const weights = { firstWeight: first.weight, secondWeight: second.weight };
  if (!first.bias || !second.bias) return plain({ x, ...weights }, attributes)[0] as tf.Tensor2D;
  tf.util.assertShapesMatch(first.bias.shape, [hidden], 'vectorNetwork, bias: ');
  tf.util.assertShapesMatch(second.bias.shape, [outputs], 'vectorNetwork, bias: ');
  const biases = { firstBias: first.bias, secondBias: second.bias };
  return biased({ x, ...weights, ...biases }, attributes)[0] as tf.Tensor2D;
}

type Given<T> = Record<'x' | Weights, T> & Partial<Record<Biases, T>>;

const outputShapes = ({ inputs }: { inputs: Given<tf.TensorInfo> }): number[][] => {
  const { images, hidden, outputs } = sizesOf(inputs);
  return [
    [images, outputs],
    [images, hidden],
  ];
};

const plain = defineKernel<'x' | Weights, Attributes>({
  name: 'VectorNetwork',
  outputShapes,
  cpu: (call) => onCpu(call),
  webgpu: (call) => onGpu(call),
  gradient: {
    save: ['x', 'firstWeight', 'secondWeight'],
    saveOutputs: [true, true],
    of: ([dy], { inputs, outputs, attributes }) => gradients(dy!, inputs, outputs, attributes),
  },
});

const biased = defineKernel<'x' | Weights | Biases, Attributes>({
  name: 'VectorNetworkWithBiases',
  outputShapes,
  cpu: (call) => onCpu(call),
  webgpu: (call) => onGpu(call),
  gradient: {
    save: ['x', 'firstWeight', 'secondWeight'],
    saveOutputs: [true, true],
    of: ([dy], { inputs, outputs, attributes }) => gradients(dy!, inputs, outputs, attributes),
  },
});

function sizesOf({ x, firstWeight, secondWeight }: Record<'x' | Weights, tf.TensorInfo>) {
  const [inputs, hidden] = firstWeight.shape as [number, number];
  return { images: x.shape[0]!, inputs, hidden, outputs: secondWeight.shape[1]! };
}

type Call<C> = Omit<C, 'inputs' | 'values'> & { inputs: Given<tf.TensorInfo> };

function onCpu({
  inputs,
  values,
  attributes,
  outputs,
}: Call<CpuCall<string, Attributes>> & { values: Given<Float32Array> }): void {
  const sizes = sizesOf(inputs);
  const [y, between] = outputs as [Float32Array, Float32Array];
  const first = { weight: values.firstWeight, bias: values.firstBias, activation: attributes.first };
  const second = { weight: values.secondWeight, bias: values.secondBias, activation: attributes.second };
  layerOnCpu(values.x, first, sizes.inputs, between, sizes.hidden);
  layerOnCpu(between, second, sizes.hidden, y, sizes.outputs);
}

function layerOnCpu(
  x: Float32Array,
  layer: { weight: Float32Array; bias?: Float32Array | undefined; activation: VectorActivation },
  inputs: number,
  y: Float32Array,
  outputs: number,
): void {
  const sums = new Float64Array(outputs);
  for (let image = 0; image < x.length / inputs; image++) {
    if (layer.bias) sums.set(layer.bias);
    else sums.fill(0);
    for (let p = 0; p < inputs; p++) {
      const value = x[image * inputs + p]!;
      for (let q = 0; q < outputs; q++) sums[q]! += value * layer.weight[p * outputs + q]!;
    }
    for (let q = 0; q < outputs; q++) y[image * outputs + q] = activateOne(sums[q]!, layer.activation);
  }
}

function activateOne(z: number, activation: VectorActivation): number {
  if (activation === 'tanh') return Math.tanh(z);
  return activation === 'relu' ? Math.max(z, 0) : Math.min(Math.max(z + 3, 0), 6) / 6;
}

/** The derivative, from the result. */
function slopeOf(y: number, activation: VectorActivation): number {
  if (activation === 'tanh') return 1 - y * y;
  return activation === 'relu' ? Number(y > 0) : y > 0 && y < 1 ? 1 / 6 : 0;
}

function onGpu({ backend, inputs, attributes, outputs }: Call<WebgpuCall<string, Attributes>>): void {
  const { x, firstWeight, firstBias, secondWeight, secondBias } = inputs;
  const { images, ...sizes } = sizesOf(inputs);
  programs.network.run(backend, {
    // What is absent is bound all the same.
    inputs: [x, firstWeight, firstBias ?? x, secondWeight, secondBias ?? x],
    outputs,
    constants: { ...constantsOf(attributes), BIASED: Number(firstBias !== undefined) },
    uniforms: sizes,
    workgroups: [images, 1, 1],
  });
}

const constantsOf = ({ first, second }: Attributes) => ({ FIRST: CODES[first], SECOND: CODES[second] });

function gradients(
  dy: tf.Tensor,
  inputs: Record<'x' | Weights, tf.Tensor>,
  [y, between]: tf.Tensor[],
  attributes: Attributes,
) {
  // One pass makes all; tfjs frees what is not asked for with the rest of the backward pass.
  const [x, firstWeight, secondWeight, firstBias, secondBias] = backward(
    { ...inputs, dy, y: y!, between: between! },
    attributes,
  );
  return {
    x: () => x!.clone(),
    firstWeight: () => firstWeight!.clone(),
    secondWeight: () => secondWeight!.clone(),
    firstBias: () => firstBias!.clone(),
    secondBias: () => secondBias!.clone(),
  };
}

type BackwardInputs = 'x' | Weights | 'dy' | 'y' | 'between';

const backward = defineKernel<BackwardInputs, Attributes>({
  name: 'VectorNetworkGradient',
  outputShapes: ({ inputs }) => {
    const { hidden, outputs } = sizesOf(inputs);
    return [inputs.x.shape, inputs.firstWeight.shape, inputs.secondWeight.shape, [hidden], [outputs]];
  },
  cpu: backwardOnCpu,
  webgpu: backwardOnGpu,
});

function backwardOnCpu({
  inputs: infos,
  values,
  attributes,
  outputs,
}: CpuCall<BackwardInputs, Attributes>): void {
  const { images, inputs, hidden, outputs: width } = sizesOf(infos);
  const [dx, firstWeight, secondWeight, firstBias, secondBias] = outputs as Float32Array[];
  const slopes = (dy: ArrayLike<number>, y: Float32Array, activation: VectorActivation) =>
    Float64Array.from(y, (value, i) => dy[i]! * slopeOf(value, activation));
  for (let image = 0; image < images; image++) {
    const row = (array: Float32Array, length: number) => array.subarray(image * length, (image + 1) * length);
    const [x, between] = [row(values.x, inputs), row(values.between, hidden)];
    const outside = slopes(row(values.dy, width), row(values.y, width), attributes.second);
    const down = new Float64Array(hidden);
    for (let h = 0; h < hidden; h++) {
      for (let q = 0; q < width; q++) {
        down[h]! += outside[q]! * values.secondWeight[h * width + q]!;
        secondWeight![h * width + q]! += between[h]! * outside[q]!;
      }
    }
    const inside = slopes(down, between, attributes.first);
    const into = row(dx!, inputs);
    for (let p = 0; p < inputs; p++) {
      let sum = 0;
      for (let h = 0; h < hidden; h++) {
        sum += inside[h]! * values.firstWeight[p * hidden + h]!;
        firstWeight![p * hidden + h]! += x[p]! * inside[h]!;
      }
      into[p] = sum;
    }
    for (let h = 0; h < hidden; h++) firstBias![h]! += inside[h]!;
    for (let q = 0; q < width; q++) secondBias![q]! += outside[q]!;
  }
}

function backwardOnGpu({
  backend,
  inputs,
  attributes,
  outputs,
  scratch,
}: WebgpuCall<BackwardInputs, Attributes>): void {
  const { images, ...sizes } = sizesOf(inputs);
  const [dx, firstWeight, secondWeight, firstBias, secondBias] = outputs as [
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
  ];
  const { x, dy, y, between } = inputs;
  const [firstSlopes, secondSlopes] = [scratch([images, sizes.hidden]), scratch([images, sizes.outputs])];
  programs.gradient.run(backend, {
    inputs: [dy, y, between, inputs.firstWeight, inputs.secondWeight],
    outputs: [dx, firstSlopes, secondSlopes],
    constants: constantsOf(attributes),
    uniforms: sizes,
    workgroups: [images, 1, 1],
  });
  const { hidden } = sizes;
  const numbers = (sizes.inputs + 1) * hidden + (hidden + 1) * sizes.outputs;
  programs.weights.run(backend, {
    inputs: [x, between, firstSlopes, secondSlopes],
    outputs: [firstWeight, secondWeight, firstBias, secondBias],
    uniforms: { images, ...sizes },
    workgroups: Math.ceil(numbers / programs.weights.constant('THREADS')),
  });
}
