// Applies a linear operator along each axis of a map, in one dispatch (shaders/resample_map.wgsl): upsampling,
// smoothing, pooling, or all of them composed. Which operator that is, bands.ts and smoothMap.ts decide.
// No gradient: no loss looks at these maps.
import resampleMapSource from '../../shaders/resample_map.wgsl';
import { tf } from '../gpu/tf';
import { identityBand, type Band } from './bands';
import { defineKernel, type CpuCall, type WebgpuCall } from './kernel';
import { Program, u32 } from './program';

/** As in the shader. */
const TILE = 8;
/** Multiplications per output sample beyond which two dispatches, one an axis, are fewer in total. */
const TAPS_IN_ONE_PASS = 128;

type Inputs = 'map' | 'rows' | 'columns';

const resampleOnce = defineKernel<Inputs>({
  name: 'ResampleMap',
  outputShapes: ({ inputs }) => [[inputs.map.shape[0]!, inputs.rows.shape[0]!, inputs.columns.shape[0]!]],
  cpu: resampleOnCpu,
  webgpu: resampleOnGpu,
});

/**
 * rows * map * columns^T for every map of the batch.
 * @param map [B, H, W] @param rows H inputs @param columns W inputs
 * @returns [B, rows.outputs, columns.outputs]
 */
export function resampleMap(map: tf.Tensor3D, rows: Band, columns: Band): tf.Tensor3D {
  return tf.tidy(() => {
    if (rows.taps * columns.taps <= TAPS_IN_ONE_PASS) return apply(map, rows, columns);
    return apply(apply(map, identityBand(rows.inputs), columns), rows, identityBand(columns.outputs));
  });
}

function apply(map: tf.Tensor3D, rows: Band, columns: Band): tf.Tensor3D {
  const rowTable = bandTensor(rows);
  // A square map has one operator for both axes: one upload.
  const columnTable = columns === rows ? rowTable : bandTensor(columns);
  return resampleOnce({ map, rows: rowTable, columns: columnTable }, {})[0] as tf.Tensor3D;
}

/** One row per output sample: index of the first input, then the weights. [outputs, 1 + taps] */
function bandTensor({ outputs, taps, starts, weights }: Band): tf.Tensor2D {
  const table = new Float32Array(outputs * (1 + taps));
  for (let output = 0; output < outputs; output++) {
    table[output * (1 + taps)] = starts[output]!;
    table.set(weights.subarray(output * taps, (output + 1) * taps), output * (1 + taps) + 1);
  }
  return tf.tensor2d(table, [outputs, 1 + taps]);
}

function sizesOf(inputs: Record<Inputs, tf.TensorInfo>) {
  const [batch, height, width] = inputs.map.shape as [number, number, number];
  const [outHeight, rowLength] = inputs.rows.shape as [number, number];
  const [outWidth, columnLength] = inputs.columns.shape as [number, number];
  return { batch, height, width, outHeight, outWidth, rowTaps: rowLength - 1, columnTaps: columnLength - 1 };
}

function resampleOnCpu({ inputs, values, outputs }: CpuCall<Inputs, object>): void {
  const { batch, height, width, outHeight, outWidth, rowTaps, columnTaps } = sizesOf(inputs);
  const { map, rows, columns } = values;
  for (let image = 0; image < batch; image++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const row = rows.subarray(y * (1 + rowTaps), (y + 1) * (1 + rowTaps));
        const column = columns.subarray(x * (1 + columnTaps), (x + 1) * (1 + columnTaps));
        const corner = (image * height + row[0]!) * width + column[0]!;
        let sum = 0;
        for (let i = 0; i < rowTaps; i++) {
          for (let j = 0; j < columnTaps; j++) {
            sum += row[1 + i]! * column[1 + j]! * map[corner + i * width + j]!;
          }
        }
        outputs[0]![(image * outHeight + y) * outWidth + x] = sum;
      }
    }
  }
}

const program = new Program('resample_map', resampleMapSource);

function resampleOnGpu({ backend, inputs, outputs }: WebgpuCall<Inputs, object>): void {
  const { batch, height, width, outHeight, outWidth, rowTaps, columnTaps } = sizesOf(inputs);
  program.run(backend, {
    outputs,
    inputs: [inputs.map, inputs.rows, inputs.columns],
    uniforms: [height, width, outHeight, outWidth, rowTaps, columnTaps].map(u32),
    workgroups: [Math.ceil(outWidth / TILE), Math.ceil(outHeight / TILE), batch],
  });
}
