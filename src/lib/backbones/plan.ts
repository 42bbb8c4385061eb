// What a backbone is made of, as plain data: a plan is a list of blocks, a block a list of layers. Everything
// else follows from it: the tensors a weights file must hold, parameters, multiply-adds, and the network that
// runs (network.ts). No tensors of any framework here.
import type { Activation } from '../kernels/convolution/activation';
import type { Padding } from '../kernels/convolution/convolutionWindow';
import { tokenTensors, type PatchEmbedding, type TokenLayer } from './vit/layers';
import { patchesAlong } from './vit/patches';

export type { Activation, Padding };

/** Channel attention: global mean, 1x1 down with SiLU, 1x1 up, sigmoid; both 1x1 have a bias. */
export interface SqueezeExcite {
  /** Prefix of `conv_reduce` and `conv_expand`. */
  name: string;
  channels: number;
  reduced: number;
}

/** A convolution without bias, its batch norm, its activation. */
export interface Convolution {
  kind: 'convolution';
  /** Tensor names without `.weight`, in timm's naming. */
  weight: string;
  norm: string;
  input: number;
  output: number;
  kernel: number;
  stride: number;
  depthwise: boolean;
  activation: Activation;
  /** Scales the input's channels; only dense convolutions have one. */
  gate?: SqueezeExcite;
}

export interface MaxPool {
  kind: 'maxPool';
  kernel: number;
  stride: number;
}

/** The layers of convolutional networks; a transformer's are in vit/plan.ts. */
export type MapLayer = Convolution | MaxPool;

export type Layer = MapLayer | TokenLayer;

export interface Block {
  /** Its own name: `blocks.2.0`, `layer3.1`. */
  name: string;
  /** The stage it belongs to, the name under which its features can be tapped: `blocks.2`, `layer3`. */
  stage: string;
  layers: Layer[];
  /**
   * What is added to the last layer's result (a dense convolution, then): nothing, the block's input, or its
   * input through a convolution.
   */
  shortcut: 'none' | 'identity' | Convolution;
  /** Applied after the sum. */
  activation: Activation;
}

export interface Plan {
  padding: Padding;
  /** Batch norm's epsilon, or layer norm's. */
  epsilon: number;
  blocks: Block[];
}

const BATCH_NORM_TENSORS = ['weight', 'bias', 'running_mean', 'running_var'] as const;

/** Index of the block that a tap means: the block of that name, or the last of the stage of that name; -1: none. */
export function blockOfTap({ blocks }: Plan, tap: string): number {
  return blocks.findLastIndex((block) => block.stage === tap || block.name === tap);
}

/** The plan up to a stage's last block, or up to a block; what comes after is never needed. */
export function cutAfter(plan: Plan, tap: string): Plan {
  return { ...plan, blocks: plan.blocks.slice(0, blockOfTap(plan, tap) + 1) };
}

/** Stages in the order they run, each once. */
export function stagesOf(plan: Plan): string[] {
  return [...new Set(plan.blocks.map((block) => block.stage))];
}

/** Layers of a block in the order they run, the shortcut's convolution last. */
export function layersOf({ layers, shortcut }: Block): Layer[] {
  return typeof shortcut === 'string' ? layers : [...layers, shortcut];
}

/** Name and shape (torch order: out, in, height, width) of every tensor the plan needs, in timm's order. */
export function neededTensors(plan: Plan): Map<string, number[]> {
  return new Map(plan.blocks.flatMap(layersOf).flatMap(tensorsOf));
}

/** Channels of the map at a tap. */
export function channelsOf(plan: Plan, tap: string): number {
  const block = plan.blocks[blockOfTap(plan, tap)];
  const last = block?.layers.findLast((layer) => layer.kind !== 'maxPool');
  if (!last) throw new RangeError(`the plan has no stage or block ${tap}`);
  return last.output;
}

/** How many input pixels one cell of the map at a tap covers per side. */
export function strideOf(plan: Plan, tap: string): number {
  const strides = cutAfter(plan, tap).blocks.flatMap((block) => block.layers.map((layer) => layer.stride));
  return strides.reduce((product, stride) => product * stride, 1);
}

/** The first layer of a transformer's plan; null for other networks. */
export function embeddingOf({ blocks }: Plan): PatchEmbedding | null {
  const first = blocks[0]?.layers[0];
  return first?.kind === 'patches' ? first : null;
}

/** Cells of the map at a tap along a side of so many pixels: each halving rounds up, patches are those of the nearest multiple. */
export function cellsAlong(plan: Plan, tap: string, pixels: number): number {
  const stride = strideOf(plan, tap);
  return embeddingOf(plan) ? patchesAlong(pixels, stride) : Math.ceil(pixels / stride);
}

function tensorsOf(layer: Layer): [string, number[]][] {
  if (layer.kind === 'maxPool') return [];
  if (layer.kind !== 'convolution') return tokenTensors(layer);
  const { weight, norm, input, output, kernel, depthwise, gate } = layer;
  const norms = BATCH_NORM_TENSORS.map((part): [string, number[]] => [`${norm}.${part}`, [output]]);
  return [
    ...(gate ? gateTensors(gate) : []),
    [`${weight}.weight`, [output, depthwise ? 1 : input, kernel, kernel]],
    ...norms,
  ];
}

function gateTensors({ name, channels, reduced }: SqueezeExcite): [string, number[]][] {
  return [
    [`${name}.conv_reduce.weight`, [reduced, channels, 1, 1]],
    [`${name}.conv_reduce.bias`, [reduced]],
    [`${name}.conv_expand.weight`, [channels, reduced, 1, 1]],
    [`${name}.conv_expand.bias`, [channels]],
  ];
}
