// The query of one grid in one dispatch: both tables sampled, side by side (shaders/inference/grid_query.wgsl). Its gradients are those of
// gridSample(), on either half.
import source from '../../../../shaders/inference/grid_query.wgsl';
import { defineKernel } from '../../gpu/kernel';
import { Program } from '../../gpu/program';
import { tf } from '../../gpu/tf';
import { coordsGradient, tableGradient } from '../gridSample/gridSample';
import { sampleGrid } from '../gridSample/gridSampleReference';

type Inputs = 'globalTable' | 'localTable' | 'globalPoints' | 'localPoints';

const program = new Program(source);
const TILE = { points: program.constant('POINTS'), channels: program.constant('CHANNELS') };

/**
 * For every pixel what the global table has at its image's point, then what the local table has at its own, as gridSample().
 * @param globalTable [Rg, Rg, H * W * C]; @param localTable [Rl, Rl, C]
 * @param globalPoints [B, 2]; @param localPoints [B * H * W, 2]
 * @returns [B * H * W, 2 C]; differentiable in all four, deterministic @throws Error when the shapes do not fit
 */
export function gridQuery(
  globalTable: tf.Tensor3D,
  localTable: tf.Tensor3D,
  globalPoints: tf.Tensor2D,
  localPoints: tf.Tensor2D,
): tf.Tensor2D {
  const pixels = localPoints.shape[0] / globalPoints.shape[0];
  tf.util.assert(
    globalTable.shape[2] === pixels * localTable.shape[2],
    () =>
      `gridQuery: tables [${globalTable.shape}] and [${localTable.shape}] are not those of ${pixels} pixels`,
  );
  return query({ globalTable, localTable, globalPoints, localPoints }, {})[0] as tf.Tensor2D;
}

function sizesOf({ globalTable, localTable, globalPoints, localPoints }: Record<Inputs, tf.TensorInfo>) {
  const points = localPoints.shape[0]!;
  return {
    points,
    pixels: points / globalPoints.shape[0]!,
    channels: localTable.shape[2]!,
    globalSide: globalTable.shape[0]!,
    localSide: localTable.shape[0]!,
  };
}

const query = defineKernel<Inputs>({
  name: 'GridQuery',
  writesAll: true,
  outputShapes: ({ inputs }) => {
    const { points, channels } = sizesOf(inputs);
    return [[points, 2 * channels]];
  },
  cpu: ({ inputs, values, outputs }) => {
    const { points, pixels, channels, globalSide, localSide } = sizesOf(inputs);
    const whole = new Float32Array(points * channels);
    const here = new Float32Array(points * channels);
    sampleGrid(
      values.globalTable,
      values.globalPoints,
      { side: globalSide, channels: pixels * channels },
      whole,
    );
    sampleGrid(values.localTable, values.localPoints, { side: localSide, channels }, here);
    for (let point = 0; point < points; point++) {
      const [from, to] = [point * channels, (point + 1) * channels];
      outputs[0]!.set(whole.subarray(from, to), 2 * from);
      outputs[0]!.set(here.subarray(from, to), from + to);
    }
  },
  webgpu: ({ backend, inputs, outputs }) => {
    const sizes = sizesOf(inputs);
    program.run(backend, {
      inputs: [inputs.globalTable, inputs.localTable, inputs.globalPoints, inputs.localPoints],
      outputs,
      uniforms: sizes,
      workgroups: [Math.ceil((2 * sizes.channels) / TILE.channels), Math.ceil(sizes.points / TILE.points), 1],
    });
  },
  gradient: {
    save: ['globalTable', 'localTable', 'globalPoints', 'localPoints'],
    of: ([dy], { inputs }) => {
      const { globalTable, localTable, globalPoints, localPoints } = inputs;
      const { points, channels, globalSide, localSide } = sizesOf(inputs);
      const half = (first: number) => dy!.slice([0, first], [points, channels]);
      // Both are asked for together, as a rule.
      const [whole, here] = [half(0).reshape([globalPoints.shape[0]!, -1]), half(channels)];
      return {
        globalTable: () => tableGradient({ coords: globalPoints, dy: whole }, { side: globalSide })[0]!,
        localTable: () => tableGradient({ coords: localPoints, dy: here }, { side: localSide })[0]!,
        globalPoints: () => coordsGradient({ table: globalTable, coords: globalPoints, dy: whole }, {})[0]!,
        localPoints: () => coordsGradient({ table: localTable, coords: localPoints, dy: here }, {})[0]!,
      };
    },
  },
});
