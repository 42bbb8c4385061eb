// Plans of the networks made of inverted bottlenecks: EfficientNet (Tan and Le 2019) with its width and depth
// scaling, and MobileNetV2 (Sandler et al. 2018). Names, rounding and padding as in timm.
import type { Activation, Block, Convolution, Layer, Padding, Plan } from './plan';

/** One stage before scaling. */
interface Stage {
  repeats: number;
  kernel: number;
  /** Of its first block; the others have 1. */
  stride: number;
  /** Width inside a block, as a multiple of its input; 1: the block has no expanding convolution. */
  expansion: number;
  channels: number;
}

export interface InvertedBottleneckRow {
  family: 'efficientnet' | 'mobilenetv2';
  width: number;
  depth: number;
  padding: Padding;
  epsilon: number;
}

interface Style {
  stages: Stage[];
  activation: Activation;
  /** Channels of squeeze-excite's bottleneck, as a share of the block's input; 0: none. */
  squeeze: number;
}

const STEM_CHANNELS = 32;
const CHANNEL_DIVISOR = 8;

// prettier-ignore
const stage = (repeats: number, kernel: number, stride: number, expansion: number, channels: number): Stage =>
  ({ repeats, kernel, stride, expansion, channels });

// Up to blocks.4, the last that is at stride 16; the two after it are never needed.
const STYLES: Record<InvertedBottleneckRow['family'], Style> = {
  efficientnet: {
    stages: [
      stage(1, 3, 1, 1, 16),
      stage(2, 3, 2, 6, 24),
      stage(2, 5, 2, 6, 40),
      stage(3, 3, 2, 6, 80),
      stage(3, 5, 1, 6, 112),
    ],
    activation: 'silu',
    squeeze: 0.25,
  },
  mobilenetv2: {
    stages: [
      stage(1, 3, 1, 1, 16),
      stage(2, 3, 2, 6, 24),
      stage(3, 3, 2, 6, 32),
      stage(4, 3, 2, 6, 64),
      stage(3, 3, 1, 6, 96),
    ],
    activation: 'relu6',
    squeeze: 0,
  },
};

/** The plan of an EfficientNet or MobileNetV2 up to `blocks.4`. */
export function invertedBottleneckPlan(row: InvertedBottleneckRow): Plan {
  const style = STYLES[row.family];
  const stem = roundChannels(STEM_CHANNELS * row.width);
  const blocks: Block[] = [stemBlock(stem, style.activation)];
  let input = stem;
  style.stages.forEach((base, s) => {
    const output = roundChannels(base.channels * row.width);
    const repeats = Math.ceil(base.repeats * row.depth);
    for (let b = 0; b < repeats; b++) {
      const stride = b === 0 ? base.stride : 1;
      blocks.push(blockOf(`blocks.${s}`, b, { ...base, stride }, style, input, output));
      input = output;
    }
  });
  return { padding: row.padding, epsilon: row.epsilon, blocks };
}

/** The nearest multiple of eight, raised by one step where rounding would lose more than a tenth (timm's rule). */
export function roundChannels(channels: number): number {
  const half = CHANNEL_DIVISOR / 2;
  const nearest = Math.floor((channels + half) / CHANNEL_DIVISOR) * CHANNEL_DIVISOR;
  const rounded = Math.max(CHANNEL_DIVISOR, nearest);
  return rounded < 0.9 * channels ? rounded + CHANNEL_DIVISOR : rounded;
}

function stemBlock(output: number, activation: Activation): Block {
  const shape = { input: 3, output, kernel: 3, stride: 2, depthwise: false };
  const layer: Layer = { kind: 'convolution', weight: 'conv_stem', norm: 'bn1', ...shape, activation };
  return { name: 'conv_stem', stage: 'conv_stem', layers: [layer], shortcut: 'none', activation: 'linear' };
}

function blockOf(
  name: string,
  index: number,
  shape: Stage,
  style: Style,
  input: number,
  output: number,
): Block {
  const prefix = `${name}.${index}`;
  const expands = shape.expansion !== 1;
  const inner = input * shape.expansion;
  // The names count on: a block without expansion calls its projection conv_pw and its norms bn1, bn2.
  let norms = 0;
  const conv = (part: string, rest: Omit<Convolution, 'kind' | 'weight' | 'norm'>): Layer => ({
    kind: 'convolution',
    weight: `${prefix}.${part}`,
    norm: `${prefix}.bn${++norms}`,
    ...rest,
  });
  const { activation } = style;
  const { kernel, stride } = shape;
  const point = { kernel: 1, stride: 1, depthwise: false };
  const layers: Layer[] = [];
  if (expands) layers.push(conv('conv_pw', { input, output: inner, ...point, activation }));
  layers.push(conv('conv_dw', { input: inner, output: inner, kernel, stride, depthwise: true, activation }));
  const project = { input: inner, output, ...point, activation: 'linear' as const };
  const reduced = Math.round(input * style.squeeze);
  const gate = reduced > 0 ? { gate: { name: `${prefix}.se`, channels: inner, reduced } } : {};
  layers.push(conv(expands ? 'conv_pwl' : 'conv_pw', { ...project, ...gate }));
  const shortcut = stride === 1 && input === output ? 'identity' : 'none';
  return { name: prefix, stage: name, layers, shortcut, activation: 'linear' };
}
