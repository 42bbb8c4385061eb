// What a backbone is made of, as plain data: a plan is a list of blocks, a block a list of layers. Everything
// else follows from it: the tensors a weights file must hold, parameters, multiply-adds, and the network that
// runs (network.ts). No tensors of any framework here.

export type Activation = 'linear' | 'relu' | 'relu6' | 'silu';
/** How convolutions pad: torch's symmetric k >> 1, or TensorFlow's SAME (the surplus goes right and down). */
export type Padding = 'symmetric' | 'same';

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
}

/** Channel attention: global mean, 1x1 down with SiLU, 1x1 up, sigmoid, scale; both 1x1 have a bias. */
export interface SqueezeExcite {
  kind: 'squeezeExcite';
  /** Prefix of `conv_reduce` and `conv_expand`. */
  name: string;
  channels: number;
  reduced: number;
}

export interface MaxPool {
  kind: 'maxPool';
  kernel: number;
  stride: number;
}

export type Layer = Convolution | SqueezeExcite | MaxPool;

export interface Block {
  /** Its own name: `blocks.2.0`, `layer3.1`. */
  name: string;
  /** The stage it belongs to, the name under which its features can be tapped: `blocks.2`, `layer3`. */
  stage: string;
  layers: Layer[];
  /** What is added to the layers' result: nothing, the block's input, or its input through a convolution. */
  shortcut: 'none' | 'identity' | Convolution;
  /** Applied after the sum. */
  activation: Activation;
}

export interface Plan {
  padding: Padding;
  /** Batch norm's epsilon. */
  epsilon: number;
  blocks: Block[];
}

const BATCH_NORM_TENSORS = ['weight', 'bias', 'running_mean', 'running_var'] as const;

/** The plan up to the last block of `stage`; what comes after is never needed. */
export function cutAfter(plan: Plan, stage: string): Plan {
  const last = plan.blocks.findLastIndex((block) => block.stage === stage);
  return { ...plan, blocks: plan.blocks.slice(0, last + 1) };
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

/** Channels that leave the last block of `stage`. */
export function channelsOf(plan: Plan, stage: string): number {
  const block = plan.blocks.findLast((candidate) => candidate.stage === stage);
  const last = block?.layers.findLast((layer) => layer.kind === 'convolution');
  if (!last) throw new RangeError(`the plan has no stage ${stage}`);
  return last.output;
}

/** How many input pixels one cell of `stage`'s feature map covers per side. */
export function strideOf(plan: Plan, stage: string): number {
  const strides = cutAfter(plan, stage).blocks.flatMap((block) => block.layers.map(strideOfLayer));
  return strides.reduce((product, stride) => product * stride, 1);
}

export function strideOfLayer(layer: Layer): number {
  return layer.kind === 'squeezeExcite' ? 1 : layer.stride;
}

function tensorsOf(layer: Layer): [string, number[]][] {
  switch (layer.kind) {
    case 'maxPool':
      return [];
    case 'squeezeExcite':
      return squeezeExciteTensors(layer);
    case 'convolution':
      return convolutionTensors(layer);
  }
}

function convolutionTensors(layer: Convolution): [string, number[]][] {
  const { weight, norm, input, output, kernel, depthwise } = layer;
  const norms = BATCH_NORM_TENSORS.map((part): [string, number[]] => [`${norm}.${part}`, [output]]);
  return [[`${weight}.weight`, [output, depthwise ? 1 : input, kernel, kernel]], ...norms];
}

function squeezeExciteTensors({ name, channels, reduced }: SqueezeExcite): [string, number[]][] {
  return [
    [`${name}.conv_reduce.weight`, [reduced, channels, 1, 1]],
    [`${name}.conv_reduce.bias`, [reduced]],
    [`${name}.conv_expand.weight`, [channels, reduced, 1, 1]],
    [`${name}.conv_expand.bias`, [channels]],
  ];
}
