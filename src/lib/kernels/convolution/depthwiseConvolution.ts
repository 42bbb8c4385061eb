// Depthwise convolution with bias and activation in one dispatch (shaders/convolution/depthwise_convolution.wgsl): what a
// frozen network needs. No gradient: nothing that trains runs through it.
import depthwiseSource from '../../../../shaders/convolution/depthwise_convolution.wgsl';
import { tf } from '../../gpu/tf';
import { activate, ACTIVATION_CODES, type Activation } from './activation';
import { convolutionOnWasm } from './convolutionOnWasm';
import { alongAxis, type Padding } from './convolutionWindow';
import {
  defineKernel,
  type CpuCall,
  type KernelCall,
  type WasmCall,
  type WebgpuCall,
} from '../../gpu/kernel';
import { Program } from '../../gpu/program';

type Inputs = 'x' | 'filter' | 'bias';

interface Attributes {
  stride: number;
  padding: Padding;
  activation: Activation;
}

const convolve = defineKernel<Inputs, Attributes>({
  name: 'FusedDepthwiseConvolution',
  outputShapes: (call) => [geometry(call).outShape],
  cpu: convolveOnCpu,
  webgpu: convolveOnGpu,
  wasm: convolveOnWasm,
});

/**
 * activation(depthwise convolution(x, filter) + bias).
 * @param x [B, H, W, C]; @param filter [K, K, C]; @param bias [C]. C is a multiple of 4.
 * @returns [B, H', W', C] with H' = ceil(H / stride) for odd K.
 * @throws Error when shapes do not fit.
 */
export function depthwiseConvolution(
  x: tf.Tensor4D,
  filter: tf.Tensor3D,
  bias: tf.Tensor1D,
  { stride = 1, padding = 'symmetric', activation = 'linear' }: Partial<Attributes> = {},
): tf.Tensor4D {
  const channels = x.shape[3];
  const [kernel] = filter.shape;
  tf.util.assert(channels % 4 === 0, () => 'depthwiseConvolution: channels must be a multiple of 4');
  tf.util.assertShapesMatch(filter.shape, [kernel, kernel, channels], 'depthwiseConvolution, filter: ');
  tf.util.assertShapesMatch(bias.shape, [channels], 'depthwiseConvolution, bias: ');
  return convolve({ x, filter, bias }, { stride, padding, activation })[0] as tf.Tensor4D;
}

function geometry({ inputs, attributes }: KernelCall<Inputs, Attributes>) {
  const [batch, height, width, channels] = inputs.x.shape as [number, number, number, number];
  const kernel = inputs.filter.shape[0]!;
  const window = { kernel, stride: attributes.stride, padding: attributes.padding };
  const { output: outHeight, before: top } = alongAxis(height, window);
  const { output: outWidth, before: left } = alongAxis(width, window);
  const outShape = [batch, outHeight, outWidth, channels];
  return { batch, height, width, channels, outHeight, outWidth, kernel, top, left, outShape };
}

function convolveOnCpu(call: CpuCall<Inputs, Attributes>): void {
  const { values, outputs, attributes } = call;
  const g = geometry(call);
  const y = outputs[0]!;
  const sums = new Float64Array(g.channels);
  for (let pixel = 0; pixel < g.batch * g.outHeight * g.outWidth; pixel++) {
    sums.set(values.bias);
    const image = Math.floor(pixel / (g.outHeight * g.outWidth));
    const outY = Math.floor(pixel / g.outWidth) % g.outHeight;
    for (let offset = 0; offset < g.kernel * g.kernel; offset++) {
      const inY = outY * attributes.stride + Math.floor(offset / g.kernel) - g.top;
      const inX = (pixel % g.outWidth) * attributes.stride + (offset % g.kernel) - g.left;
      if (inY < 0 || inY >= g.height || inX < 0 || inX >= g.width) continue;
      const at = ((image * g.height + inY) * g.width + inX) * g.channels;
      const row = offset * g.channels;
      for (let c = 0; c < g.channels; c++) sums[c]! += values.x[at + c]! * values.filter[row + c]!;
    }
    for (let c = 0; c < g.channels; c++) {
      y[pixel * g.channels + c] = activate(sums[c]!, attributes.activation);
    }
  }
}

const program = new Program(depthwiseSource);
const THREADS = program.constant('THREADS');
const STRIP = program.constant('STRIP');

function convolveOnGpu(call: WebgpuCall<Inputs, Attributes>): void {
  const { backend, inputs, attributes, outputs } = call;
  const g = geometry(call);
  const strips = g.batch * g.outHeight * Math.ceil(g.outWidth / STRIP);
  program.run(backend, {
    inputs: [inputs.x, inputs.filter, inputs.bias],
    outputs,
    constants: { ACTIVATION: ACTIVATION_CODES[attributes.activation] },
    uniforms: {
      batch: g.batch,
      height: g.height,
      width: g.width,
      channels: g.channels / 4,
      outHeight: g.outHeight,
      outWidth: g.outWidth,
      kernel: g.kernel,
      stride: attributes.stride,
      top: g.top,
      left: g.left,
    },
    workgroups: Math.ceil((strips * g.channels) / 4 / THREADS),
  });
}

function convolveOnWasm(call: WasmCall<Inputs, Attributes>): tf.TensorInfo[] {
  const { x, filter, bias } = call.inputs;
  const { stride, activation } = call.attributes;
  const window = { ...geometry(call), stride };
  const inputs = { x, filter: { ...filter, shape: [...filter.shape, 1] }, bias };
  return [convolutionOnWasm(call, 'FusedDepthwiseConv2D', inputs, window, activation)];
}
