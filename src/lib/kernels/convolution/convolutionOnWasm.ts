// Dense and depthwise convolutions by the kernels of tfjs's wasm backend (XNNPACK), with our padding and our activations.
import type { WasmCall } from '../../gpu/kernel';
import type { tf } from '../../gpu/tf';
import { activate as activateOne, type Activation } from './activation';

/** Activations that the backend applies while it writes. */
const FUSED: Partial<Record<Activation, string>> = { linear: 'linear', relu: 'relu', relu6: 'relu6' };

interface Window {
  height: number;
  width: number;
  kernel: number;
  stride: number;
  top: number;
  left: number;
  outHeight: number;
  outWidth: number;
}

type Call = Pick<WasmCall<string, object>, 'backend' | 'run'>;

/**
 * activation(convolution(x, filter) + bias); Conv2D does not look at the bias.
 * @param filter [K, K, C, O], depthwise [K, K, C, 1]
 */
export function convolutionOnWasm(
  call: Call,
  kernel: 'Conv2D' | 'FusedConv2D' | 'FusedDepthwiseConv2D',
  inputs: { x: tf.TensorInfo; filter: tf.TensorInfo; bias: tf.TensorInfo },
  window: Window,
  activation: Activation,
): tf.TensorInfo {
  const { stride } = window;
  const y = call.run(kernel, inputs, {
    strides: [stride, stride],
    pad: [[0, 0], paddingOf(window, 'height'), paddingOf(window, 'width'), [0, 0]],
    dilations: [1, 1],
    dataFormat: 'NHWC',
    activation: FUSED[activation] ?? 'linear',
  });
  return activation in FUSED ? y : finishOnWasm(call, y, activation);
}

/** Zeros before and after one axis, the latter as many as the last output reaches over the edge. */
function paddingOf(window: Window, axis: 'height' | 'width'): [number, number] {
  const before = axis === 'height' ? window.top : window.left;
  const outputs = axis === 'height' ? window.outHeight : window.outWidth;
  const reach = (outputs - 1) * window.stride + window.kernel;
  return [before, Math.max(0, reach - before - window[axis])];
}

/** The activation of a map that is disposed of, unless there is nothing to do. */
export function finishOnWasm(
  { backend, run }: Call,
  z: tf.TensorInfo,
  activation: Activation,
): tf.TensorInfo {
  if (activation === 'linear') return z;
  const y = activate(z);
  backend.disposeData(z.dataId);
  return y;

  function activate(x: tf.TensorInfo): tf.TensorInfo {
    if (activation === 'relu') return run('Relu', { x });
    if (activation === 'relu6') return run('Relu6', { x });
    if (activation === 'gelu') return geluOf(x);
    const gate = activation === 'silu' ? run('Sigmoid', { x }) : hardSigmoid(x);
    const product = run('Multiply', { a: x, b: gate });
    backend.disposeData(gate.dataId);
    return product;
  }

  function geluOf(x: tf.TensorInfo): tf.TensorInfo {
    const y = backend.makeOutput(x.shape, 'float32');
    const [from, to] = [x, y].map((tensor) => backend.typedArrayFromHeap(tensor)) as [
      Float32Array,
      Float32Array,
    ];
    for (let i = 0; i < to.length; i++) to[i] = activateOne(from[i]!, 'gelu');
    return y;
  }

  /** min(max(x + 3, 0), 6) / 6, in place of nothing: a map of its own. */
  function hardSigmoid(x: tf.TensorInfo): tf.TensorInfo {
    const gate = backend.makeOutput(x.shape, 'float32');
    const [from, to] = [x, gate].map((tensor) => backend.typedArrayFromHeap(tensor)) as [
      Float32Array,
      Float32Array,
    ];
    for (let i = 0; i < to.length; i++) to[i] = Math.min(Math.max(from[i]! + 3, 0), 6) / 6;
    return gate;
  }
}
