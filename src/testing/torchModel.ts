// Reference models of PyTorch in our layout: names and axes of goldens/bi_grid.py become those of
// src/lib/methods/grad. Only tests read such files; a saved model of ours is src/lib/methods/grad/checkpoint.ts.
import type { ModelConfig } from '../lib/methods/grad/config';
import { golden, goldenNames, type Golden } from './golden';

/** The model of the golden files bigrid_mobile and bigrid_basic. */
export const torchConfig = (decoder: ModelConfig['decoder']): ModelConfig => ({
  ...{ method: 'grad', fusion: 'w', lambda: 0.8, decoder, blocks: 2, expansion: 2 },
  ...{ channels: 8, height: 4, width: 3, localGrid: 6, globalGrid: 3 },
});

/** Parameters of one kind in our names and layout: values before and after one step, or gradients. */
export function torchParameters(
  decoder: ModelConfig['decoder'],
  kind: 'before' | 'grad' | 'after',
): Map<string, Float32Array> {
  const file = `bigrid_${decoder}`;
  const config = torchConfig(decoder);
  const read = golden(file);
  const names = goldenNames(file)
    .filter((name) => name.startsWith(`${kind}.`))
    .map((name) => name.slice(kind.length + 1));
  return new Map(names.map((name) => [ourName(name), ourValues(name, read(`${kind}.${name}`), config)]));
}

/** Whether a torch parameter is a table of a grid. */
export const isTable = (torchName: string): boolean => torchName.includes('.grid.');

const NORM_FIELDS: Record<string, string> = {
  weight: 'scale',
  bias: 'shift',
  running_mean: 'runningMean',
  running_var: 'runningVariance',
};

/** Our name of a torch parameter, e.g. `normal.decoder.blocks.0.expand_norm.weight` -> `... .expandNorm.scale`. */
function ourName(torchName: string): string {
  const named = torchName.replace(/(?<=_norm\.)\w+$/, (field) => NORM_FIELDS[field]!);
  return named.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** A torch parameter's values in our layout, row-major. */
function ourValues(
  torchName: string,
  tensor: Golden,
  { height, width, channels }: ModelConfig,
): Float32Array {
  const { shape, data } = tensor;
  if (torchName.endsWith('.grid.global')) {
    // [1, (c, h, w), Rg, Rg] -> [Rg, Rg, (h, w, c)]
    const side = shape[2]!;
    return permute(data, [channels, height, width, side, side], [3, 4, 1, 2, 0]);
  }
  if (torchName.endsWith('.grid.local')) return permute(data, shape, [0, 2, 3, 1]);
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
