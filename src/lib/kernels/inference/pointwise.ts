// A linear layer at every row with what surrounds it in a decoder that does not train, in one dispatch (shaders/inference/pointwise.wgsl,
// row_dots.wgsl for a few columns): gate and hard-swish before it; bias or batch norm, residual and activation after it. No gradient.
import pointwiseSource from '../../../../shaders/inference/pointwise.wgsl';
import dotsSource from '../../../../shaders/inference/row_dots.wgsl';
import { defineKernel, type CpuCall, type WasmCall, type WebgpuCall } from '../../gpu/kernel';
import { heapValues } from '../../gpu/processor';
import { Program } from '../../gpu/program';
import { tf } from '../../gpu/tf';
import { activate } from '../convolution/activation';
import { multiplyOnCpu, multiplyOnWasm, plain, type ProductSizes } from '../linear/matrixProduct';
import {
  affineKind,
  checkAffine,
  FINISH_CODES,
  finishRows,
  type Finish,
  type FinishActivation,
} from './finish';

type Inputs = 'x' | 'weight' | 'affine' | 'gate' | 'residual';
/** What there is not, is not among the inputs. */
type Given<T> = Pick<Record<Inputs, T>, 'x' | 'weight'> & Partial<Record<Inputs, T>>;

interface Attributes {
  activation: FinishActivation;
}

export interface PointwiseOptions {
  /** A bias [q], or factors and summands [2, q]. */
  affine?: tf.Tensor | undefined;
  /** [images, p], for rows that are the pixels of as many images: the layer reads hardSwish(x * gate). */
  gate?: tf.Tensor2D | undefined;
  /** Added before the activation; shaped as the result. */
  residual?: tf.Tensor | undefined;
  activation?: FinishActivation;
}

const programs = { tiles: new Program(pointwiseSource), dots: new Program(dotsSource) };
const SIDE = programs.tiles.constant('SIDE');
const THREADS = programs.tiles.constant('THREADS');
/** Up to so many columns a thread makes one number. */
const FEW_COLUMNS = 8;

/** Whether pointwise() takes these widths. */
export const isPointwise = (inputs: number, outputs: number): boolean =>
  inputs % 4 === 0 && (outputs % 4 === 0 || outputs <= FEW_COLUMNS);

/**
 * activation(factor * (read(x) W) + summand + residual), deterministic.
 * @param x [..., p]; @param weight [p, q]: p a multiple of 4, and q too unless it is 8 at most, where there is neither gate nor residual
 * @returns [..., q]
 * @throws Error when shapes do not fit
 */
export function pointwise<T extends tf.Tensor>(
  x: T,
  weight: tf.Tensor2D,
  { affine, gate, residual, activation = 'linear' }: PointwiseOptions = {},
): T {
  const [inputs, outputs] = weight.shape;
  const rows = x.size / inputs;
  tf.util.assert(x.shape.at(-1) === inputs, () => `pointwise: x [${x.shape}] is not [..., ${inputs}]`);
  tf.util.assert(isPointwise(inputs, outputs), () => `pointwise: ${inputs} to ${outputs} channels`);
  tf.util.assert(outputs % 4 === 0 || (!gate && !residual), () => 'pointwise: gate or residual, few columns');
  checkAffine('pointwise', affine ?? null, outputs);
  const images = gate?.shape[0] ?? 1;
  if (gate) tf.util.assertShapesMatch(gate.shape, [images, inputs], 'pointwise, gate: ');
  tf.util.assert(rows % images === 0, () => `pointwise: ${rows} rows are not those of ${images} images`);
  const shape = [...x.shape.slice(0, -1), outputs];
  if (residual) tf.util.assertShapesMatch(residual.shape, shape, 'pointwise, residual: ');
  const given = {
    x,
    weight,
    ...(affine && { affine }),
    ...(gate && { gate }),
    ...(residual && { residual }),
  };
  return layer(given as Record<Inputs, tf.Tensor>, { activation })[0] as T;
}

const layer = defineKernel<Inputs, Attributes>({
  name: 'Pointwise',
  outputShapes: ({ inputs: { x, weight } }) => [[...x.shape.slice(0, -1), weight.shape[1]!]],
  cpu: onCpu,
  webgpu: onGpu,
  wasm: onWasm,
});

function sizesOf({ x, weight }: Given<tf.TensorInfo>): ProductSizes {
  const [inner, columns] = weight.shape as [number, number];
  const rows = tf.util.sizeFromShape(x.shape) / inner;
  return { rows, inner, columns, a: plain(inner), b: plain(columns) };
}

function onCpu(call: CpuCall<Inputs, Attributes>): void {
  const inputs: Given<tf.TensorInfo> = call.inputs;
  const values: Given<Float32Array> = call.values;
  const sizes = sizesOf(inputs);
  const read = values.gate ? gated(values.x, values.gate, sizes) : values.x;
  multiplyOnCpu(read, values.weight, null, sizes, call.outputs[0]!);
  finishRows(call.outputs[0]!, sizes.columns, finishOf(values, call.attributes));
}

function finishOf({ affine, residual }: Given<Float32Array>, { activation }: Attributes): Finish {
  return { affine: affine ?? null, residual: residual ?? null, activation };
}

function gated(x: Float32Array, gate: Float32Array, { inner }: ProductSizes): Float32Array {
  const read = new Float32Array(x.length);
  const stretch = x.length / (gate.length / inner);
  for (let first = 0; first < x.length; first += inner) {
    const image = Math.floor(first / stretch) * inner;
    for (let c = 0; c < inner; c++)
      read[first + c] = activate(x[first + c]! * gate[image + c]!, 'hard-swish');
  }
  return read;
}

function onGpu({ backend, inputs, attributes, outputs }: WebgpuCall<Inputs, Attributes>): void {
  const { x, weight, affine, gate, residual }: Given<tf.TensorInfo> = inputs;
  const { rows, inner, columns } = sizesOf(inputs);
  const finish = { AFFINE: affineKind(affine ?? null), FINISH: FINISH_CODES[attributes.activation] };
  // What is absent is bound all the same.
  const bound = affine ?? weight;
  if (columns <= FEW_COLUMNS && !gate && !residual) {
    programs.dots.run(backend, {
      inputs: [x, weight, bound],
      outputs,
      constants: finish,
      uniforms: { rows, columns, inner: inner / 4 },
      workgroups: Math.ceil((rows * columns) / programs.dots.constant('THREADS')),
    });
    return;
  }
  const across = columns <= 4 * SIDE ? 4 : 8;
  const tile = { columns: across * SIDE, rows: (THREADS / across) * SIDE };
  const images = gate?.shape[0] ?? 1;
  programs.tiles.run(backend, {
    inputs: [x, weight, bound, gate ?? weight, residual ?? x],
    outputs,
    constants: {
      ...{ COLUMNS: across, GATED: Number(gate !== undefined), RESIDUAL: Number(residual !== undefined) },
      ...finish,
    },
    uniforms: { rows, columns: columns / 4, inner: inner / 4, pixels: rows / images },
    workgroups: [Math.ceil(columns / tile.columns), Math.ceil(rows / tile.rows), 1],
  });
}

function onWasm(call: WasmCall<Inputs, Attributes>): tf.TensorInfo[] {
  const inputs: Given<tf.TensorInfo> = call.inputs;
  const { backend } = call;
  const sizes = sizesOf(inputs);
  let { x } = inputs;
  if (inputs.gate) {
    const read = backend.makeOutput(x.shape, 'float32');
    heapValues(read).set(gated(heapValues(x), heapValues(inputs.gate), sizes));
    x = read;
  }
  const product = multiplyOnWasm(call, { a: x, b: inputs.weight, bias: null }, sizes);
  if (x !== inputs.x) backend.disposeData(x.dataId);
  const { affine, residual } = inputs;
  finishRows(heapValues(product), sizes.columns, {
    affine: affine ? heapValues(affine) : null,
    residual: residual ? heapValues(residual) : null,
    activation: call.attributes.activation,
  });
  return [{ ...product, shape: [...inputs.x.shape.slice(0, -1), sizes.columns] }];
}
