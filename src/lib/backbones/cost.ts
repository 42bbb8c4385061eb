// What a backbone costs, computed from its plan alone, before a byte is fetched: parameters, multiply-adds,
// bytes of its weights.
import { neededTensors, type Layer, type Plan } from './plan';

export interface Cost {
  /** Trainable numbers: weights, biases, batch norm's scale and shift (its running statistics do not count). */
  parameters: number;
  /** Multiply-adds of all convolutions for one image. */
  macs: number;
  /** Bytes of the needed tensors when stored as float32, running statistics included. */
  bytes: number;
}

const BYTES_PER_FLOAT = 4;

/** Cost of a plan for one square image of `size` pixels per side. */
export function costOf(plan: Plan, size: number): Cost {
  const tensors = [...neededTensors(plan)].map(([name, shape]) => ({ name, count: product(shape) }));
  const trainable = tensors.filter(({ name }) => !/\.running_(mean|var)$/.test(name));
  return {
    parameters: sum(trainable.map(({ count }) => count)),
    macs: macsOf(plan, size),
    bytes: sum(tensors.map(({ count }) => count)) * BYTES_PER_FLOAT,
  };
}

/** Numbers in the largest map between two layers, for one image of height x width pixels. */
export function largestMap({ blocks }: Plan, height: number, width: number): number {
  let [h, w, largest] = [height, width, 0];
  for (const layer of blocks.flatMap(({ layers }) => layers)) {
    if (layer.kind === 'convolution') largest = Math.max(largest, h * w * layer.input);
    [h, w] = [Math.ceil(h / layer.stride), Math.ceil(w / layer.stride)];
    if (layer.kind === 'convolution') largest = Math.max(largest, h * w * layer.output);
  }
  return largest;
}

function macsOf(plan: Plan, size: number): number {
  let macs = 0;
  let side = size;
  for (const block of plan.blocks) {
    for (const layer of block.layers) {
      // Odd sizes round up under either padding.
      side = Math.ceil(side / layer.stride);
      macs += layerMacs(layer, side);
    }
    if (typeof block.shortcut !== 'string') macs += layerMacs(block.shortcut, side);
  }
  return macs;
}

/** @param side of the layer's output. */
function layerMacs(layer: Layer, side: number): number {
  if (layer.kind === 'maxPool') return 0;
  const { input, output, kernel, depthwise, gate } = layer;
  const gating = gate ? 2 * gate.channels * gate.reduced : 0;
  return side * side * kernel * kernel * output * (depthwise ? 1 : input) + gating;
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const product = (values: number[]) => values.reduce((total, value) => total * value, 1);
