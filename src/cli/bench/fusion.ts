// Whether fusing pays, per architecture: each frozen layer as one dispatch (convolution, bias, gate, residual,
// activation) beside the same layer of stock operations, which write and read the map between them.
import type { Convolution, Plan } from '../../lib/backbones/plan';
import { wholePlan } from '../../lib/backbones/table';
import { tf } from '../../lib/gpu/tf';
import { convolution } from '../../lib/kernels/convolution/convolution';
import { depthwiseConvolution } from '../../lib/kernels/convolution/depthwiseConvolution';
import { squeezeExcite } from '../../lib/kernels/convolution/squeezeExcite';
import { measureKernel } from './kernels';
import type { KernelCase } from './kernelCases';
import type { Measurement } from './measurement';
import * as stock from './stockOperations';
import type { Workbench } from './workbench';

const NETWORKS = ['mini_resnet', 'efficientnet_b0', 'tf_efficientnet_b4', 'tf_efficientnet_b6'];
const SIZE = 256;

type T1 = tf.Tensor1D;
type T2 = tf.Tensor2D;
type T3 = tf.Tensor3D;
type T4 = tf.Tensor4D;

interface LayerCase extends KernelCase {
  /** What the layer is, for the sum over all of its kind. */
  kind: string;
}

/** One line an architecture and kind of layer: all layers of that kind for one image, fused; the ratio to unfused. */
export async function benchFusion(workbench: Workbench): Promise<Measurement[]> {
  const results: Measurement[] = [];
  for (const id of NETWORKS) results.push(...(await benchNetwork(id, workbench)));
  return results;
}

async function benchNetwork(id: string, workbench: Workbench): Promise<Measurement[]> {
  const sums = new Map<string, { fused: number; unfused: number; layers: number }>();
  const cases = countEqual(layerCases(wholePlan(id)));
  for (const [index, { layer, count }] of cases.entries()) {
    workbench.progress.update(`layers of ${id}: ${index + 1}/${cases.length}`);
    const { ms, ratio } = await measureKernel(layer);
    const sum = sums.get(layer.kind) ?? { fused: 0, unfused: 0, layers: 0 };
    sums.set(layer.kind, {
      fused: sum.fused + count * ms,
      unfused: sum.unfused + (count * ms) / ratio,
      layers: sum.layers + count,
    });
  }
  return [...sums].map(([kind, { fused, unfused, layers }]) => ({
    name: `${id}: ${layers} x ${kind}`,
    ms: fused,
    ratio: fused / unfused,
    yardstick: 'stock operations, unfused',
  }));
}

/** Layers of the same shape are measured once. */
function countEqual(layers: LayerCase[]): { layer: LayerCase; count: number }[] {
  const counted = new Map<string, { layer: LayerCase; count: number }>();
  for (const layer of layers) {
    const known = counted.get(layer.name);
    if (known) known.count += 1;
    else counted.set(layer.name, { layer, count: 1 });
  }
  return [...counted.values()];
}

function layerCases({ blocks, padding }: Plan): LayerCase[] {
  let side = SIZE;
  return blocks.flatMap(({ layers, shortcut }) => {
    const added = shortcut !== 'none';
    return layers.flatMap((layer, index) => {
      const input = side;
      side = Math.ceil(side / layer.stride);
      if (layer.kind !== 'convolution') return [];
      const last = index === layers.length - 1;
      return casesOf(layer, padding, input, added && last);
    });
  });
}

function casesOf(layer: Convolution, padding: Plan['padding'], side: number, added: boolean): LayerCase[] {
  const { kernel, stride, gate } = layer;
  const label = `${kernel}x${kernel}/${stride} ${layer.input}-${layer.output} on ${side}${added ? ', sum' : ''}`;
  if (layer.depthwise) return [depthwiseCase(layer, padding, side, label)];
  const dense = denseCase(layer, padding, side, added, label);
  return gate ? [gateCase(gate.channels, gate.reduced, side), dense] : [dense];
}

function depthwiseCase(
  { kernel, stride, output, activation }: Convolution,
  padding: Plan['padding'],
  side: number,
  label: string,
): LayerCase {
  const options = { stride, padding, activation };
  return {
    kind: 'depthwise, bias, activation',
    name: `depthwise ${label}`,
    shapes: [[1, side, side, output], [kernel, kernel, output], [output]],
    kernel: (x: T4, filter: T3, bias: T1) => depthwiseConvolution(x, filter, bias, options),
    stock: (x: T4, filter: T3, bias: T1) => {
      const y = tf.depthwiseConv2d(x, filter.expandDims(-1), stride, padOf(padding, kernel));
      return stock.activated(y.add(bias), activation);
    },
  };
}

function gateCase(channels: number, reduced: number, side: number): LayerCase {
  return {
    kind: 'squeeze-excite (the gate)',
    name: `squeeze-excite ${channels}-${reduced} on ${side}`,
    shapes: [[1, side, side, channels], [reduced, channels], [reduced], [reduced, channels], [channels]],
    kernel: (x: T4, reduce: T2, reduceBias: T1, expand: T2, expandBias: T1) =>
      squeezeExcite(x, { reduce, reduceBias, expand, expandBias }),
    stock: stock.squeezeExcite,
  };
}

function denseCase(
  { kernel, stride, input, output, gate, activation }: Convolution,
  padding: Plan['padding'],
  side: number,
  added: boolean,
  label: string,
): LayerCase {
  const channels = Math.ceil(input / 4) * 4;
  const outSide = Math.ceil(side / stride);
  const shapes = [[1, side, side, channels], [kernel, kernel, channels, output], [output]];
  if (gate) shapes.push([1, channels]);
  if (added) shapes.push([1, outSide, outSide, output]);
  const split = (more: (T2 | T4)[]) => ({
    ...(gate && { gate: more[0] as T2 }),
    ...(added && { residual: more.at(-1) as T4 }),
  });
  const around = [gate && 'gate', 'bias', added && 'sum', 'activation'].filter(Boolean).join(', ');
  return {
    kind: `convolution ${kernel}x${kernel}, ${around}`,
    name: `convolution ${label}${gate ? ', gate' : ''}`,
    shapes,
    kernel: (x: T4, filter: T4, bias: T1, ...more: (T2 | T4)[]) =>
      convolution(x, filter, bias, { stride, padding, activation, ...split(more) }),
    stock: (x: T4, filter: T4, bias: T1, ...more: (T2 | T4)[]) => {
      const { gate: factors, residual } = split(more);
      const gated = factors ? (stock.gated(x, factors) as T4) : x;
      const y = tf.conv2d(gated, filter, stride, padOf(padding, kernel)).add(bias);
      return stock.activated(residual ? y.add(residual) : y, activation);
    },
  };
}

const padOf = (padding: Plan['padding'], kernel: number) => (padding === 'same' ? 'same' : kernel >> 1);
