// Plans of the residual networks (He et al. 2016; wide: Zagoruyko and Komodakis 2016) up to layer3, in timm's
// naming: the stride of a bottleneck sits in its 3x3 convolution.
import type { Activation, Block, Convolution, Plan } from './plan';

export interface ResNetRow {
  family: 'resnet';
  block: 'basic' | 'bottleneck';
  stem: number;
  /** Blocks in layer1, layer2, layer3. */
  repeats: [number, number, number];
  /** Channels of layer1 before a bottleneck's fourfold output; each later layer doubles them. */
  channels: number;
  /** Width of a bottleneck's 3x3 convolution, as a multiple of its layer's channels. */
  width: number;
}

const EPSILON = 1e-5;
const BOTTLENECK_OUTPUT = 4;

/** The plan of a ResNet up to `layer3`. */
export function resnetPlan(row: ResNetRow): Plan {
  const blocks: Block[] = [stemBlock(row.stem)];
  let input = row.stem;
  row.repeats.forEach((repeats, layer) => {
    const channels = row.channels * 2 ** layer;
    for (let b = 0; b < repeats; b++) {
      const stride = b === 0 && layer > 0 ? 2 : 1;
      const block = blockOf(row, `layer${layer + 1}`, b, { input, channels, stride });
      blocks.push(block.block);
      input = block.output;
    }
  });
  return { padding: 'symmetric', epsilon: EPSILON, blocks };
}

function stemBlock(output: number): Block {
  const stem = convolution('conv1', 'bn1', 3, output, 7, 2, 'relu');
  const pool = { kind: 'maxPool', kernel: 3, stride: 2 } as const;
  return { name: 'conv1', stage: 'conv1', layers: [stem, pool], shortcut: 'none', activation: 'linear' };
}

interface Shape {
  input: number;
  channels: number;
  stride: number;
}

function blockOf(
  row: ResNetRow,
  layer: string,
  index: number,
  shape: Shape,
): { block: Block; output: number } {
  const prefix = `${layer}.${index}`;
  const { input, stride } = shape;
  const layers = row.block === 'basic' ? basic(prefix, shape) : bottleneck(prefix, shape, row.width);
  const output = layers.at(-1)!.output;
  const projects = stride !== 1 || input !== output;
  const down = `${prefix}.downsample`;
  const shortcut = projects
    ? convolution(`${down}.0`, `${down}.1`, input, output, 1, stride, 'linear')
    : 'identity';
  return { block: { name: prefix, stage: layer, layers, shortcut, activation: 'relu' }, output };
}

function basic(prefix: string, { input, channels, stride }: Shape): Convolution[] {
  return [
    convolution(`${prefix}.conv1`, `${prefix}.bn1`, input, channels, 3, stride, 'relu'),
    convolution(`${prefix}.conv2`, `${prefix}.bn2`, channels, channels, 3, 1, 'linear'),
  ];
}

function bottleneck(prefix: string, { input, channels, stride }: Shape, width: number): Convolution[] {
  const inner = channels * width;
  const output = channels * BOTTLENECK_OUTPUT;
  return [
    convolution(`${prefix}.conv1`, `${prefix}.bn1`, input, inner, 1, 1, 'relu'),
    convolution(`${prefix}.conv2`, `${prefix}.bn2`, inner, inner, 3, stride, 'relu'),
    convolution(`${prefix}.conv3`, `${prefix}.bn3`, inner, output, 1, 1, 'linear'),
  ];
}

function convolution(
  weight: string,
  norm: string,
  input: number,
  output: number,
  kernel: number,
  stride: number,
  activation: Activation,
): Convolution {
  return { kind: 'convolution', weight, norm, input, output, kernel, stride, depthwise: false, activation };
}
