// The matrix product by tiles in workgroup memory (shaders/linear/tiled_product.wgsl) behind dense convolutions, linear layers and
// the gradients of both: what a GPU wants. Which tile, and how often the inner sum is cut, is the caller's choice (tiles.ts).
import finishSource from '../../../../shaders/linear/finish_slices.wgsl';
import productSource from '../../../../shaders/linear/tiled_product.wgsl';
import { onHardware } from '../../gpu/adapterClass';
import { defineKernel, type CpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';
import type { ShaderSource } from '../../gpu/shader';
import { specialise } from '../../gpu/specialise';
import type { tf, WebGPUBackend } from '../../gpu/tf';
import { activate, ACTIVATION_CODES, type Activation } from '../convolution/activation';
import { stepsOf, TILES, tileSides, type Tiling, type TileName } from './tiles';

/** The NHWC map that the left matrix is read from, and how a window moves over it. A plain matrix is a map of one line. */
export interface WindowedMap {
  height: number;
  width: number;
  channels: number;
  outHeight: number;
  outWidth: number;
  kernel: number;
  stride: number;
  top: number;
  left: number;
}

/** C [rows, columns] = sum over taps and places of A B. `columns`, channels and what lies together in memory are multiples of 4. */
export interface TiledSizes {
  rows: number;
  columns: number;
  /** Positions of the kernel that the inner sum runs over, and places of each. */
  taps: number;
  inner: number;
  map: WindowedMap;
  /** Rows of A are taps and channels, places are output pixels: x^T. */
  leftTurned: boolean;
  /** B is [taps, columns, inner], taps backwards: W^T. */
  rightTurned: boolean;
}

export interface TiledAttributes {
  sizes: TiledSizes;
  tiling: Tiling;
  activation: Activation;
  /** Which of the inputs count; what is absent is bound all the same. */
  biased: boolean;
  /** The bias is [2, columns]: factors, then summands. */
  scaled?: boolean;
  added: boolean;
  gated: boolean;
}

type Inputs = 'x' | 'weight' | 'bias' | 'residual' | 'gate';

/** The product as an operation: [rows, columns]. Checks nothing. */
export const tiledProduct = defineKernel<Inputs, TiledAttributes>({
  name: 'TiledProduct',
  outputShapes: ({ attributes: { sizes } }) => [[sizes.rows, sizes.columns]],
  cpu: multiplyWindowsOnCpu,
  webgpu: ({ backend, inputs, attributes, outputs, scratch }) =>
    multiplyTiled({ backend, inputs, attributes, product: outputs[0]!, scratch }),
});

/** A matrix of so many rows as a map of one line. */
export const line = (rows: number, columns: number): WindowedMap => ({
  height: 1,
  width: rows,
  channels: columns,
  outHeight: 1,
  outWidth: rows,
  kernel: 1,
  stride: 1,
  top: 0,
  left: 0,
});

/** A product without anything around it. */
export function plainProduct(
  x: tf.Tensor,
  weight: tf.Tensor,
  sizes: TiledSizes,
  tiling: Tiling,
): tf.Tensor2D {
  const attributes = {
    sizes,
    tiling,
    activation: 'linear',
    biased: false,
    added: false,
    gated: false,
  } as const;
  return tiledProduct({ x, weight, bias: x, residual: x, gate: x }, attributes)[0] as tf.Tensor2D;
}

function multiplyWindowsOnCpu({ values, attributes, outputs }: CpuCall<Inputs, TiledAttributes>): void {
  const { sizes, activation, biased, added, gated, scaled = false } = attributes;
  const { rows, columns, taps, inner } = sizes;
  const weightOf = (tap: number, place: number, column: number): number =>
    sizes.rightTurned
      ? values.weight[((taps - 1 - tap) * columns + column) * inner + place]!
      : values.weight[(tap * inner + place) * columns + column]!;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = biased && !scaled ? values.bias[column]! : 0;
      for (let tap = 0; tap < taps; tap++) {
        for (let place = 0; place < inner; place++) {
          const { at, gateAt } = leftPlace(sizes, row, tap, place);
          if (at < 0) continue;
          const factor = gated ? values.gate[gateAt]! : 1;
          sum += values.x[at]! * factor * weightOf(tap, place, column);
        }
      }
      if (scaled) sum = sum * values.bias[column]! + values.bias[columns + column]!;
      const at = row * columns + column;
      outputs[0]![at] = activate(sum + (added ? values.residual[at]! : 0), activation);
    }
  }
}

/** Where an element of the left matrix lies in the map and in the gate; -1 outside. */
function leftPlace({ map, leftTurned }: TiledSizes, row: number, tap: number, place: number) {
  const pixel = leftTurned ? place : row;
  const channel = leftTurned ? row % map.channels : place;
  const offset = leftTurned ? Math.floor(row / map.channels) : tap;
  const image = Math.floor(pixel / (map.outHeight * map.outWidth));
  const outY = Math.floor(pixel / map.outWidth) % map.outHeight;
  const y = outY * map.stride + Math.floor(offset / map.kernel) - map.top;
  const x = (pixel % map.outWidth) * map.stride + (offset % map.kernel) - map.left;
  const inside = y >= 0 && y < map.height && x >= 0 && x < map.width;
  const at = ((image * map.height + y) * map.width + x) * map.channels + channel;
  return { at: inside ? at : -1, gateAt: image * map.channels + channel };
}

const finish = new Program(finishSource);
const programs = new Map<ShaderSource, Program>();

/** A shader by tiles with the numbers of one. Its loops are written out for a GPU; on the CPU that takes seconds to compile. */
export function tiledProgram(shader: ShaderSource, tile: TileName, backend: WebGPUBackend): Program {
  const source = specialise(shader, TILES[tile], onHardware(backend));
  const program = programs.get(source) ?? new Program(source);
  programs.set(source, program);
  return program;
}

export interface GpuTiledProduct {
  backend: WebGPUBackend;
  inputs: Record<Inputs, tf.TensorInfo>;
  attributes: TiledAttributes;
  product: tf.TensorInfo;
  scratch(shape: number[]): tf.TensorInfo;
}

export function multiplyTiled({ backend, inputs, attributes, product, scratch }: GpuTiledProduct): void {
  const { sizes, tiling, activation, biased, added, gated, scaled = false } = attributes;
  const { rows, columns, inner, taps, map, leftTurned, rightTurned } = sizes;
  const program = tiledProgram(productSource, tiling.tile, backend);
  const steps = stepsOf(sizes, tiling.tile);
  const sliceSteps = Math.ceil(steps / tiling.slices);
  // Rounding up the length can leave the last slices empty.
  const slices = Math.ceil(steps / sliceSteps);
  const whole = slices === 1;
  const partials = whole ? product : scratch([slices, rows, columns]);
  const [high, wide] = tileSides(tiling.tile);
  const { x, weight, bias, residual, gate } = inputs;
  program.run(backend, {
    inputs: [x, weight, bias, residual, gate],
    outputs: [partials],
    constants: {
      ACTIVATION: whole ? ACTIVATION_CODES[activation] : 0,
      LEFT_TURNED: Number(leftTurned),
      RIGHT_TURNED: Number(rightTurned),
      BIASED: Number(whole && biased),
      RESIDUAL: Number(whole && added),
      SCALED: Number(whole && scaled),
      GATED: Number(gated),
    },
    uniforms: {
      rows,
      columns: columns / 4,
      inner,
      taps,
      sliceSteps,
      steps,
      height: map.height,
      width: map.width,
      channels: map.channels / 4,
      outHeight: map.outHeight,
      outWidth: map.outWidth,
      kernel: map.kernel,
      stride: map.stride,
      top: map.top,
      left: map.left,
    },
    workgroups: [Math.ceil(columns / wide), Math.ceil(rows / high), slices],
  });
  if (whole) return;
  const count = (rows * columns) / 4;
  finish.run(backend, {
    inputs: [partials, bias, residual],
    outputs: [product],
    constants: {
      ACTIVATION: ACTIVATION_CODES[activation],
      BIASED: Number(biased),
      RESIDUAL: Number(added),
      SCALED: Number(scaled),
    },
    uniforms: { count, columns: columns / 4, slices },
    workgroups: Math.ceil(count / finish.constant('THREADS')),
  });
}
