// Dense convolution with gate, bias, residual and activation in one dispatch (shaders/convolution/convolution.wgsl; on a GPU
// mostly as a tiled product): what a frozen network needs. No gradient: nothing that trains runs through it.
// Against tfjs's own convolution on software adapters: 2 to 10 times faster, and few pipelines to compile.
import convolutionSource from '../../../../shaders/convolution/convolution.wgsl';
import { tf } from '../../gpu/tf';
import { activate, ACTIVATION_CODES, type Activation } from './activation';
import { convolutionOnWasm, finishOnWasm } from './convolutionOnWasm';
import { alongAxis, type Padding } from './convolutionWindow';
import { forwardSizes } from './tiledConvolution';
import { multiplyTiled, type TiledSizes } from '../linear/tiledProduct';
import type { Tiling } from '../linear/tiles';
import { tilesPay, tilingOf } from '../linear/tiling';
import {
  defineKernel,
  type CpuCall,
  type KernelCall,
  type WasmCall,
  type WebgpuCall,
} from '../../gpu/kernel';
import { heapValues } from '../../gpu/processor';
import { Program } from '../../gpu/program';
import { finishRows } from '../inference/finish';

type Inputs = 'x' | 'filter' | 'bias' | 'gate' | 'residual';

interface Attributes {
  stride: number;
  padding: Padding;
  activation: Activation;
  gated: boolean;
  added: boolean;
  /** Whether `bias` holds factors too. */
  scaled: boolean;
}

export interface ConvolutionOptions {
  stride?: number;
  padding?: Padding;
  /** Applied last. */
  activation?: Activation;
  /** Scales the input's channels, one factor an image and channel: [B, C]. */
  gate?: tf.Tensor2D;
  /** Added before the activation; shaped as the result. */
  residual?: tf.Tensor4D;
}

const convolve = defineKernel<Inputs, Attributes>({
  name: 'FusedConvolution',
  outputShapes: (call) => [geometry(call).outShape],
  cpu: convolveOnCpu,
  webgpu: convolveOnGpu,
  wasm: convolveOnWasm,
});

/**
 * activation(factor * convolution(x * gate, filter) + bias + residual).
 * @param x [B, H, W, C]; @param filter [K, K, C, O]; @param bias [O], or [2, O]: factors, then biases. C and O are multiples of 4.
 * @returns [B, H', W', O] with H' = ceil(H / stride) for odd K.
 * @throws Error when shapes do not fit.
 */
export function convolution(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | tf.Tensor2D,
  { stride = 1, padding = 'symmetric', activation = 'linear', gate, residual }: ConvolutionOptions = {},
): tf.Tensor4D {
  const [batch, , , channels] = x.shape;
  const [kernel, , , outputs] = filter.shape;
  tf.util.assert(
    channels % 4 === 0 && outputs % 4 === 0,
    () => 'convolution: channels must be multiples of 4',
  );
  tf.util.assertShapesMatch(filter.shape, [kernel, kernel, channels, outputs], 'convolution, filter: ');
  const scaled = bias.shape.length === 2;
  tf.util.assertShapesMatch(bias.shape, scaled ? [2, outputs] : [outputs], 'convolution, bias: ');
  if (gate) tf.util.assertShapesMatch(gate.shape, [batch, channels], 'convolution, gate: ');
  // What is absent is bound all the same; the bias stands in, unread.
  const inputs = { x, filter, bias, gate: gate ?? bias, residual: residual ?? bias };
  const attributes = {
    stride,
    padding,
    activation,
    gated: gate !== undefined,
    added: residual !== undefined,
    scaled,
  };
  if (residual) {
    const { outShape } = geometry({ inputs, attributes });
    tf.util.assertShapesMatch(residual.shape, outShape, 'convolution, residual: ');
  }
  return convolve(inputs, attributes)[0] as tf.Tensor4D;
}

/** Sizes of one call, in the order in which shapes are written. */
function geometry({ inputs, attributes }: Pick<KernelCall<Inputs, Attributes>, 'inputs' | 'attributes'>) {
  const [batch, height, width, channels] = inputs.x.shape as [number, number, number, number];
  const [kernel, , , outputs] = inputs.filter.shape as [number, number, number, number];
  const window = { kernel, stride: attributes.stride, padding: attributes.padding };
  const { output: outHeight, before: top } = alongAxis(height, window);
  const { output: outWidth, before: left } = alongAxis(width, window);
  const outShape = [batch, outHeight, outWidth, outputs];
  return { batch, height, width, channels, outHeight, outWidth, outputs, kernel, top, left, outShape };
}

function convolveOnCpu(call: CpuCall<Inputs, Attributes>): void {
  const { values, outputs, attributes } = call;
  const g = geometry(call);
  const y = outputs[0]!;
  const sums = new Float64Array(g.outputs);
  for (let pixel = 0; pixel < g.batch * g.outHeight * g.outWidth; pixel++) {
    if (attributes.scaled) sums.fill(0);
    else sums.set(values.bias);
    const image = Math.floor(pixel / (g.outHeight * g.outWidth));
    const outY = Math.floor(pixel / g.outWidth) % g.outHeight;
    for (let offset = 0; offset < g.kernel * g.kernel; offset++) {
      const inY = outY * attributes.stride + Math.floor(offset / g.kernel) - g.top;
      const inX = (pixel % g.outWidth) * attributes.stride + (offset % g.kernel) - g.left;
      if (inY < 0 || inY >= g.height || inX < 0 || inX >= g.width) continue;
      addPixel(sums, call, offset, (image * g.height + inY) * g.width + inX, image);
    }
    const first = pixel * g.outputs;
    for (let o = 0; o < g.outputs; o++) {
      const sum = attributes.scaled ? sums[o]! * values.bias[o]! + values.bias[g.outputs + o]! : sums[o]!;
      const added = attributes.added ? values.residual[first + o]! : 0;
      y[first + o] = activate(sum + added, attributes.activation);
    }
  }
}

/** Adds what one input pixel contributes through one position of the kernel. */
function addPixel(
  sums: Float64Array,
  { inputs, values, attributes }: CpuCall<Inputs, Attributes>,
  offset: number,
  at: number,
  image: number,
): void {
  const channels = inputs.x.shape[3]!;
  for (let c = 0; c < channels; c++) {
    const scale = attributes.gated ? values.gate[image * channels + c]! : 1;
    const value = values.x[at * channels + c]! * scale;
    const row = (offset * channels + c) * sums.length;
    for (let o = 0; o < sums.length; o++) sums[o]! += value * values.filter[row + o]!;
  }
}

const program = new Program(convolutionSource);
const THREADS = program.constant('THREADS');
const STRIP = program.constant('STRIP');

function convolveOnGpu(call: WebgpuCall<Inputs, Attributes>): void {
  const { backend, inputs, attributes, outputs } = call;
  const { stride, activation, gated, added, scaled } = attributes;
  const g = asRows(geometry(call), stride, gated);
  if (tilesPay(backend)) {
    const sizes = forwardSizes({ ...g, stride }, g.batch, g.outputs);
    const tiling = tilingOf(sizes);
    if (tiling) return convolveByTiles(call, sizes, tiling);
  }
  const strips = g.batch * g.outHeight * Math.ceil(g.outWidth / STRIP);
  program.run(backend, {
    inputs: [inputs.x, inputs.filter, inputs.bias, inputs.gate, inputs.residual],
    outputs,
    constants: {
      ACTIVATION: ACTIVATION_CODES[activation],
      GATED: Number(gated),
      RESIDUAL: Number(added),
      SCALED: Number(scaled),
    },
    uniforms: {
      batch: g.batch,
      height: g.height,
      width: g.width,
      channels: g.channels / 4,
      outHeight: g.outHeight,
      outWidth: g.outWidth,
      outputs: g.outputs / 4,
      kernel: g.kernel,
      stride,
      top: g.top,
      left: g.left,
    },
    workgroups: Math.ceil((strips * g.outputs) / 4 / THREADS),
  });
}

function convolveByTiles(
  { backend, inputs, attributes, outputs, scratch }: WebgpuCall<Inputs, Attributes>,
  sizes: TiledSizes,
  tiling: Tiling,
): void {
  const { x, filter: weight, bias, residual, gate } = inputs;
  const { activation, gated, added, scaled } = attributes;
  multiplyTiled({
    backend,
    inputs: { x, weight, bias, residual, gate },
    attributes: { sizes, tiling, activation, biased: true, added, gated, scaled },
    product: outputs[0]!,
    scratch,
  });
}

/**
 * A 1x1 convolution does not care how pixels are arranged: as one long row, no strip of four is cut short. The
 * gate differs from image to image, so with it each image keeps its own row.
 */
function asRows(g: ReturnType<typeof geometry>, stride: number, gated: boolean): typeof g {
  if (g.kernel !== 1 || stride !== 1) return g;
  const batch = gated ? g.batch : 1;
  const width = (g.batch * g.height * g.width) / batch;
  return { ...g, batch, height: 1, width, outHeight: 1, outWidth: width };
}

function convolveOnWasm(call: WasmCall<Inputs, Attributes>): tf.TensorInfo[] {
  const { inputs, attributes, backend, run } = call;
  const { gated, added, activation } = attributes;
  const [batch, , , channels] = inputs.x.shape as [number, number, number, number];
  const gate = { ...inputs.gate, shape: [batch, 1, 1, channels] };
  const x = gated ? run('Multiply', { a: inputs.x, b: gate }) : inputs.x;
  const window = { ...geometry(call), stride: attributes.stride };
  const { filter, bias } = inputs;
  const unfinished = added || attributes.scaled;
  const y = convolutionOnWasm(
    call,
    attributes.scaled ? 'Conv2D' : 'FusedConv2D',
    { x, filter, bias },
    window,
    unfinished ? 'linear' : activation,
  );
  if (gated) backend.disposeData(x.dataId);
  if (!unfinished) return [y];
  if (attributes.scaled) {
    finishRows(heapValues(y), filter.shape[3]!, {
      affine: heapValues(bias),
      residual: added ? heapValues(inputs.residual) : null,
      activation: 'linear',
    });
    return [finishOnWasm(call, y, activation)];
  }
  const sum = run('Add', { a: y, b: inputs.residual });
  backend.disposeData(y.dataId);
  return [finishOnWasm(call, sum, activation)];
}
