// Bilinear sampling of a learned table, with gradients for the table and for the coordinates: the operation on which
// both grids stand, and one that tfjs does not have. Five shaders, shaders/grid_sample*.wgsl, explain themselves.
import coordinatesGradientSource from '../../../../shaders/gridSample/grid_sample_coordinates_gradient.wgsl';
import dotsSource from '../../../../shaders/gridSample/grid_sample_dots.wgsl';
import sampleSource from '../../../../shaders/gridSample/grid_sample.wgsl';
import sortSource from '../../../../shaders/gridSample/grid_sample_sort.wgsl';
import tableGradientSource from '../../../../shaders/gridSample/grid_sample_table_gradient.wgsl';
import { tf } from '../../gpu/tf';
import {
  sampleGrid,
  sampleGridCoordsGradient,
  sampleGridTableGradient,
  type GridSizes,
} from './gridSampleReference';
import { defineKernel, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

const programs = {
  sample: new Program(sampleSource),
  sort: new Program(sortSource),
  tableGradient: new Program(tableGradientSource),
  dots: new Program(dotsSource),
  coordinatesGradient: new Program(coordinatesGradientSource),
};

const TILE = { points: programs.sample.constant('POINTS'), channels: programs.sample.constant('CHANNELS') };
/** Workgroup of the table's gradient: with many points four threads share a cell's list, with few it is short. */
const GATHER = { many: { LANES: 16, PARTS: 4 }, few: { LANES: 64, PARTS: 1 }, manyPoints: 256 };

/**
 * Samples a table at points: bilinear, align_corners = false, zeros outside; exactly torch's `grid_sample` with its
 * defaults. Differentiable in both arguments, with the same bits at every run.
 * @param table [R, R, K]: rows y, columns x, channels
 * @param coords [N, 2]: (x, y); -1 and 1 are the table's outer edges, so cell centres lie inside them
 * @returns [N, K]
 * @throws Error when the shapes do not fit
 */
export function gridSample(table: tf.Tensor3D, coords: tf.Tensor2D): tf.Tensor2D {
  const [rows, columns] = table.shape;
  tf.util.assert(rows === columns, () => `gridSample: the table must be square, not ${rows} x ${columns}`);
  tf.util.assert(coords.shape[1] === 2, () => `gridSample: coords must be [N, 2], not [${coords.shape}]`);
  return sample({ table, coords }, {})[0] as tf.Tensor2D;
}

const sample = defineKernel<'table' | 'coords'>({
  name: 'GridSample',
  outputShapes: ({ inputs }) => [[pointsOf(inputs.coords), inputs.table.shape[2]!]],
  cpu: ({ inputs, values, outputs }) =>
    sampleGrid(values.table, values.coords, sizesOf(inputs.table.shape), outputs[0]!),
  webgpu: ({ backend, inputs, outputs }) => {
    const { side, channels } = sizesOf(inputs.table.shape);
    const points = pointsOf(inputs.coords);
    programs.sample.run(backend, {
      inputs: [inputs.table, inputs.coords],
      outputs,
      uniforms: { points, side, channels },
      workgroups: [Math.ceil(channels / TILE.channels), Math.ceil(points / TILE.points), 1],
    });
  },
  gradient: {
    save: ['table', 'coords'],
    of: ([dy], { inputs: { table, coords } }) => ({
      table: () => tableGradient({ coords, dy: dy! }, { side: table.shape[0]! })[0]!,
      coords: () => coordsGradient({ table, coords, dy: dy! }, {})[0]!,
    }),
  },
});

/** Of the table: coords, dy -> [side, side, K]. */
export const tableGradient = defineKernel<'coords' | 'dy', { side: number }>({
  name: 'GridSampleTableGradient',
  outputShapes: ({ inputs, attributes: { side } }) => [[side, side, inputs.dy.shape[1]!]],
  cpu: ({ inputs, attributes: { side }, values, outputs }) =>
    sampleGridTableGradient(values.coords, values.dy, { side, channels: inputs.dy.shape[1]! }, outputs[0]!),
  webgpu: tableGradientOnGpu,
});

/** Of the points: [N, 2]. */
export const coordsGradient = defineKernel<'table' | 'coords' | 'dy'>({
  name: 'GridSampleCoordsGradient',
  outputShapes: ({ inputs }) => [inputs.coords.shape],
  cpu: ({ inputs, values, outputs }) =>
    sampleGridCoordsGradient(
      values.table,
      values.coords,
      values.dy,
      sizesOf(inputs.table.shape),
      outputs[0]!,
    ),
  webgpu: coordsGradientOnGpu,
});

function tableGradientOnGpu({
  backend,
  inputs: { coords, dy },
  attributes: { side },
  outputs,
  scratch,
}: WebgpuCall<'coords' | 'dy', { side: number }>): void {
  const [points, channels] = dy.shape as [number, number];
  const bins = (side + 1) ** 2;
  const starts = scratch([bins + 1]);
  const sorted = scratch([points, 4]);
  programs.sort.run(backend, {
    inputs: [coords],
    outputs: [starts, sorted],
    uniforms: { points, side },
    workgroups: bins + 1,
  });
  const constants = points < GATHER.manyPoints ? GATHER.few : GATHER.many;
  programs.tableGradient.run(backend, {
    inputs: [dy, starts, sorted],
    outputs,
    constants,
    uniforms: { side, channels },
    workgroups: [Math.ceil(channels / constants.LANES), side * side, 1],
  });
}

function coordsGradientOnGpu({
  backend,
  inputs: { table, coords, dy },
  outputs,
  scratch,
}: WebgpuCall<'table' | 'coords' | 'dy', object>): void {
  const { side, channels } = sizesOf(table.shape);
  const points = pointsOf(coords);
  const lanes = lanesFor(channels);
  const dots = scratch([points, lanes, 4]);
  programs.dots.run(backend, {
    inputs: [table, coords, dy],
    outputs: [dots],
    uniforms: { points, side, channels, lanes },
    workgroups: Math.ceil((points * lanes) / programs.dots.constant('THREADS')),
  });
  programs.coordinatesGradient.run(backend, {
    inputs: [coords, dots],
    outputs,
    uniforms: { points, side, lanes },
    workgroups: Math.ceil(points / programs.coordinatesGradient.constant('THREADS')),
  });
}

/** The power of two at or below the root: as many lanes as channels a lane. */
function lanesFor(channels: number): number {
  return 2 ** Math.floor(Math.log2(Math.sqrt(channels)));
}

function pointsOf(coords: tf.TensorInfo): number {
  return coords.shape[0]!;
}

function sizesOf(tableShape: number[]): GridSizes {
  return { side: tableShape[0]!, channels: tableShape[2]! };
}
