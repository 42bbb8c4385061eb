// What a backbone costs, computed from its plan alone, before a byte is fetched: parameters, multiply-adds,
// bytes of its weights.
import { embeddingOf, neededTensors, type MapLayer, type Plan } from './plan';
import { patchesAlong } from './vit/patches';
import { prefixOf, tokenMacs, type PatchEmbedding } from './vit/layers';

export interface Cost {
  /** Trainable numbers: weights, biases, batch norm's scale and shift (its running statistics do not count). */
  parameters: number;
  /** Multiply-adds of all convolutions, or of all products of a transformer, for one image. */
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
export function largestMap(plan: Plan, height: number, width: number): number {
  const embedding = embeddingOf(plan);
  if (embedding) return largestTokens(plan, embedding, height, width);
  let [h, w, largest] = [height, width, 0];
  for (const layer of mapLayers(plan)) {
    if (layer.kind === 'convolution') largest = Math.max(largest, h * w * layer.input);
    [h, w] = [Math.ceil(h / layer.stride), Math.ceil(w / layer.stride)];
    if (layer.kind === 'convolution') largest = Math.max(largest, h * w * layer.output);
  }
  return largest;
}

/** Of a transformer: its patches' pixels, or the inside of its blocks' networks. */
function largestTokens(plan: Plan, embedding: PatchEmbedding, height: number, width: number): number {
  const { stride } = embedding;
  const cells = patchesAlong(height, stride) * patchesAlong(width, stride);
  const layers = plan.blocks.flatMap((block) => block.layers);
  const hidden = layers.map((layer) => (layer.kind === 'transformer' ? layer.hidden : layer.stride ** 2 * 3));
  return (cells + prefixOf(embedding)) * Math.max(...hidden);
}

const mapLayers = ({ blocks }: Plan): MapLayer[] =>
  blocks
    .flatMap(({ layers }) => layers)
    .filter((layer): layer is MapLayer => layer.kind === 'convolution' || layer.kind === 'maxPool');

function macsOf(plan: Plan, size: number): number {
  const embedding = embeddingOf(plan);
  if (embedding) {
    const cells = size > 0 ? patchesAlong(size, embedding.stride) ** 2 : 0;
    const tokens = { cells, prefix: prefixOf(embedding) };
    const layers = plan.blocks.flatMap((block) => block.layers);
    return sum(layers.map((layer) => ('output' in layer && layer.kind !== 'convolution' ? tokenMacs(layer, tokens) : 0))); // prettier-ignore
  }
  let macs = 0;
  let side = size;
  for (const block of plan.blocks) {
    for (const layer of mapLayers({ ...plan, blocks: [block] })) {
      // Odd sizes round up under either padding.
      side = Math.ceil(side / layer.stride);
      macs += layerMacs(layer, side);
    }
    if (typeof block.shortcut !== 'string') macs += layerMacs(block.shortcut, side);
  }
  return macs;
}

/** @param side of the layer's output. */
function layerMacs(layer: MapLayer, side: number): number {
  if (layer.kind === 'maxPool') return 0;
  const { input, output, kernel, depthwise, gate } = layer;
  const gating = gate ? 2 * gate.channels * gate.reduced : 0;
  return side * side * kernel * kernel * output * (depthwise ? 1 : input) + gating;
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const product = (values: number[]) => values.reduce((total, value) => total * value, 1);
