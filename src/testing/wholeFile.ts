// A published file, an EfficientNet's or a transformer's, with all its tensors, deeper stages and classifier included, in the order and layout
// of real ones: how much of it a download leaves aside. The numbers are zeros; only places and sizes matter.
import { invertedBottleneckPlan, roundChannels } from '../lib/backbones/invertedBottleneck';
import { neededTensors } from '../lib/backbones/plan';
import { writeSafetensors } from '../lib/formats/safetensors';
import { stored } from './publishedFile';

/** Width and depth of the compound scaling. */
export interface Scale {
  width: number;
  depth: number;
}

export const B6: Scale = { width: 1.8, depth: 2.6 };

/** [repeats, kernel, channels] of the two stages after blocks.4, before scaling. */
const DEEPER = [
  [4, 5, 192],
  [1, 3, 320],
] as const;
const HEAD_CHANNELS = 1280;
const CLASSES = 1000;
const EXPANSION = 6;
const SQUEEZE = 0.25;

/** Names and shapes of all float tensors. */
export function wholeLayout({ width, depth }: Scale): Map<string, number[]> {
  const plan = invertedBottleneckPlan({
    family: 'efficientnet',
    width,
    depth,
    padding: 'same',
    epsilon: 1e-3,
  });
  const layout = neededTensors(plan);
  let input = plan.blocks.at(-1)!.layers.findLast((layer) => layer.kind === 'convolution')!.output;
  DEEPER.forEach(([repeats, kernel, channels], stage) => {
    const output = roundChannels(channels * width);
    for (let b = 0; b < Math.ceil(repeats * depth); b++) {
      addBlock(layout, `blocks.${5 + stage}.${b}`, { input, output, kernel });
      input = output;
    }
  });
  const head = roundChannels(HEAD_CHANNELS * width);
  addConvolution(layout, 'conv_head', 'bn2', [head, input, 1, 1]);
  layout.set('classifier.weight', [CLASSES, head]).set('classifier.bias', [CLASSES]);
  return layout;
}

/** The file's bytes: counters first, then floats by name. */
export const wholeFile = (scale: Scale): Uint8Array => fileOf(wholeLayout(scale));

/** The file of tensors of these names and shapes. */
export function fileOf(tensors: ReadonlyMap<string, number[]>): Uint8Array {
  const layout = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  const counters = layout
    .filter(([name]) => name.endsWith('.running_mean'))
    .map(([name]) => [name.replace('running_mean', 'num_batches_tracked'), stored('I64', [], 8)] as const);
  const floats = layout.map(([name, shape]) => [name, stored('F32', shape, 4 * product(shape))] as const);
  return new Uint8Array(writeSafetensors(new Map([...counters, ...floats]), { format: 'pt' }));
}

function addBlock(
  layout: Map<string, number[]>,
  name: string,
  { input, output, kernel }: { input: number; output: number; kernel: number },
): void {
  const inner = EXPANSION * input;
  const reduced = Math.round(SQUEEZE * input);
  addConvolution(layout, `${name}.conv_pw`, `${name}.bn1`, [inner, input, 1, 1]);
  addConvolution(layout, `${name}.conv_dw`, `${name}.bn2`, [inner, 1, kernel, kernel]);
  layout
    .set(`${name}.se.conv_reduce.weight`, [reduced, inner, 1, 1])
    .set(`${name}.se.conv_reduce.bias`, [reduced]);
  layout
    .set(`${name}.se.conv_expand.weight`, [inner, reduced, 1, 1])
    .set(`${name}.se.conv_expand.bias`, [inner]);
  addConvolution(layout, `${name}.conv_pwl`, `${name}.bn3`, [output, inner, 1, 1]);
}

function addConvolution(layout: Map<string, number[]>, weight: string, norm: string, shape: number[]): void {
  layout.set(`${weight}.weight`, shape);
  for (const part of ['weight', 'bias', 'running_mean', 'running_var'])
    layout.set(`${norm}.${part}`, [shape[0]!]);
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
