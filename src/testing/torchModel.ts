// Reference models of PyTorch in our layout: names and axes of the golden files become those of src/lib/methods/grad.
// Only tests read such files; a saved model of ours is src/lib/methods/grad/checkpoint.ts.
import type { ModelConfig } from '../lib/methods/grad/config';
import { golden, goldenNames, type Golden } from './golden';

/** The model of the golden files bigrid_mobile and bigrid_basic. */
export const torchConfig = (decoder: ModelConfig['decoder']): ModelConfig => ({
  ...{ method: 'grad', fusion: 'w', lambda: 0.8, decoder, blocks: 2, expansion: 2 },
  ...{ channels: 12, height: 8, width: 8, localGrid: 8, globalGrid: 4 },
});

/** Parameters of one kind in our names and layout: values before and after one step, or gradients. */
export function torchParameters(
  decoder: ModelConfig['decoder'],
  kind: 'before' | 'grad' | 'after',
): Map<string, Float32Array> {
  const file = `bigrid_${decoder}.safetensors`;
  const config = torchConfig(decoder);
  const read = golden(file);
  // `ca` repeats the shared coordinates `cn`.
  const names = goldenNames(file)
    .filter((name) => name.startsWith(`${kind}.`) && !name.startsWith(`${kind}.ca.`))
    .map((name) => name.slice(kind.length + 1));
  return new Map(
    names.map((name) => [ourName(name, config), ourValues(name, read(`${kind}.${name}`), config)]),
  );
}

/** Our name of a layer inside a decoder block, by torch's path. */
const BLOCK_LAYERS: Record<ModelConfig['decoder'], Record<string, string>> = {
  mobile: {
    'f.0': 'expand',
    'f.1': 'expandNorm',
    'f.3': 'depthwise',
    'f.4': 'depthwiseNorm',
    'f.5.a': 'squeezeExcite.reduce',
    'f.5.b': 'squeezeExcite.expand',
    'f.7': 'project',
    'f.8': 'projectNorm',
  },
  basic: { 'f.0': 'first', 'f.1': 'firstNorm', 'f.3': 'second', 'f.4': 'secondNorm' },
};

const NORM_FIELDS: Record<string, string> = {
  weight: 'scale',
  bias: 'shift',
  running_mean: 'runningMean',
  running_var: 'runningVariance',
};

const PATTERNS: [RegExp, string][] = [
  [/^w$/, 'fusion'],
  [/^cn\.([lg])\.([02])\.(weight|bias)$/, 'coordinates.$1.$2.$3'],
  [/^g([na])\.(loc|glo)$/, '$1.grid.$2'],
];
const WORDS: Record<string, string> = {
  ...{ l: 'local', g: 'global', loc: 'local', glo: 'global' },
  ...{ n: 'normal', a: 'abnormal', 0: 'hidden', 2: 'output' },
};

/** Our name of a torch parameter, e.g. `dn.0.f.1.weight` -> `normal.decoder.blocks.0.expandNorm.scale`. */
function ourName(torchName: string, { decoder, blocks }: ModelConfig): string {
  for (const [pattern, replacement] of PATTERNS) {
    const match = pattern.exec(torchName);
    if (match)
      return replacement.replace(/\$(\d)/g, (_, i: string) => WORDS[match[Number(i)]!] ?? match[Number(i)]!);
  }
  const [, branch, index, rest] = /^d([na])\.(\d+)\.(.+)$/.exec(torchName) ?? [];
  if (!branch) throw new Error(`${torchName} is no parameter of a bi-grid model`);
  const decoderPath = `${WORDS[branch]}.decoder`;
  if (Number(index) === blocks) return `${decoderPath}.output.${rest}`;
  const [, path, field] = /^(.+)\.(\w+)$/.exec(rest!)!;
  const layer = BLOCK_LAYERS[decoder][path!]!;
  return `${decoderPath}.blocks.${index}.${layer}.${layer.endsWith('Norm') ? NORM_FIELDS[field!] : field}`;
}

/** A torch parameter's values in our layout, row-major. */
function ourValues(
  torchName: string,
  tensor: Golden,
  { height, width, channels }: ModelConfig,
): Float32Array {
  const { shape, data } = tensor;
  if (torchName.endsWith('.glo')) {
    // [1, (c, h, w), Rg, Rg] -> [Rg, Rg, (h, w, c)]
    const side = shape[2]!;
    return permute(data, [channels, height, width, side, side], [3, 4, 1, 2, 0]);
  }
  if (torchName.endsWith('.loc')) return permute(data, shape, [0, 2, 3, 1]);
  if (shape.length === 2) return permute(data, shape, [1, 0]);
  // Depthwise filters are [C, 1, 3, 3] in torch, [3, 3, C, 1] here.
  if (shape.length === 4) return permute(data, shape, shape[1] === 1 ? [2, 3, 0, 1] : [2, 3, 1, 0]);
  return data;
}

/** NCHW -> NHWC. */
export const toChannelsLast = ({ data, shape }: Golden): Float32Array => permute(data, shape, [0, 2, 3, 1]);

/** Reorders axes: output axis i is input axis order[i]. */
function permute(data: Float32Array, shape: number[], order: number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const sizes = order.map((axis) => shape[axis]!);
  return Float32Array.from({ length: data.length }, (_, index) => {
    let offset = 0;
    for (let i = sizes.length - 1; i >= 0; i--) {
      offset += (index % sizes[i]!) * strides[order[i]!]!;
      index = Math.floor(index / sizes[i]!);
    }
    return data[offset]!;
  });
}
