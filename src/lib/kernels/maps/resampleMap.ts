// Applies a linear operator along each axis of a map, in one dispatch (shaders/maps/resample_map.wgsl): upsampling,
// smoothing, pooling, or all of them composed. Which operator that is, bands.ts and smoothMap.ts decide.
// resampleMap() has no gradient: no loss looks at the maps that are scored. trainedResample() has one.
import resampleMapSource from '../../../../shaders/maps/resample_map.wgsl';
import { tf } from '../../gpu/tf';
import { transposed, type Band } from './operators1d';
import { keptTensor } from '../../gpu/kept';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

/** Widest map: one line of it lies in workgroup memory, of which every adapter has 16 KiB. */
export const MAX_WIDTH = 4096;
/** Widths are rounded up to this, so that few pipelines serve all maps. */
const LINE_STEP = 64;

interface Operators {
  rows: Band;
  columns: Band;
}

const resample = defineKernel<'map', Operators>({
  name: 'ResampleMap',
  outputShapes: ({ inputs, attributes: { rows, columns } }) => [
    [inputs.map.shape[0]!, rows.outputs, columns.outputs],
  ],
  cpu: resampleOnCpu,
  webgpu: resampleOnGpu,
});

/**
 * rows * map * columns^T for every map of the batch.
 * @param map [B, H, W] @param rows H inputs @param columns W inputs
 * @returns [B, rows.outputs, columns.outputs]
 */
export function resampleMap(map: tf.Tensor3D, rows: Band, columns: Band): tf.Tensor3D {
  const [, height, width] = map.shape;
  tf.util.assert(width <= MAX_WIDTH, () => `resampleMap takes maps up to ${MAX_WIDTH} wide, not ${width}`);
  tf.util.assertShapesMatch([rows.inputs, columns.inputs], [height, width], 'resampleMap: ');
  return resample({ map }, { rows, columns })[0] as tf.Tensor3D;
}

/** resampleMap() for a map that a loss looks at: the gradient goes back through the transposed operators. */
export function trainedResample(map: tf.Tensor3D, rows: Band, columns: Band): tf.Tensor3D {
  const operation = tf.customGrad<tf.Tensor3D>((...args) => ({
    value: resampleMap(args[0] as tf.Tensor3D, rows, columns),
    gradFunc: (dy: tf.Tensor3D) => [resampleMap(dy, transposedOnce(rows), transposedOnce(columns))],
  }));
  return operation(map);
}

const transposes = new WeakMap<Band, Band>();

/** The same object for the same operator, which keeps its table on the GPU. */
function transposedOnce(band: Band): Band {
  const made = transposes.get(band) ?? transposed(band);
  transposes.set(band, made);
  return made;
}

/** One row per output sample: index of the first input, then the weights. [outputs, 1 + taps] */
function bandTable({ outputs, taps, starts, weights }: Band): Float32Array {
  const table = new Float32Array(outputs * (1 + taps));
  for (let output = 0; output < outputs; output++) {
    table[output * (1 + taps)] = starts[output]!;
    table.set(weights.subarray(output * taps, (output + 1) * taps), output * (1 + taps) + 1);
  }
  return table;
}

function resampleOnCpu({ inputs, values, attributes, outputs }: CpuCall<'map', Operators>): void {
  const [batch, height, width] = inputs.map.shape as [number, number, number];
  const { outputs: outHeight, taps: rowTaps } = attributes.rows;
  const { outputs: outWidth, taps: columnTaps } = attributes.columns;
  const [rows, columns] = [bandTable(attributes.rows), bandTable(attributes.columns)];
  for (let image = 0; image < batch; image++) {
    const map = values.map.subarray(image * height * width, (image + 1) * height * width);
    for (let y = 0; y < outHeight; y++) {
      const row = rows.subarray(y * (1 + rowTaps), (y + 1) * (1 + rowTaps));
      for (let x = 0; x < outWidth; x++) {
        const column = columns.subarray(x * (1 + columnTaps), (x + 1) * (1 + columnTaps));
        outputs[0]![(image * outHeight + y) * outWidth + x] = weightedSum(map, width, row, column);
      }
    }
  }
}

/** One output sample; `row` and `column` each hold the index of the first input, then the weights. */
function weightedSum(map: Float32Array, width: number, row: Float32Array, column: Float32Array): number {
  const corner = row[0]! * width + column[0]!;
  let sum = 0;
  for (let i = 1; i < row.length; i++) {
    for (let j = 1; j < column.length; j++) {
      sum += row[i]! * column[j]! * map[corner + (i - 1) * width + j - 1]!;
    }
  }
  return sum;
}

const program = new Program(resampleMapSource);

function resampleOnGpu({ backend, inputs, attributes, outputs }: WebgpuCall<'map', Operators>): void {
  const [batch, height, width] = inputs.map.shape as [number, number, number];
  const { rows, columns } = attributes;
  // The operators of a live view are the same at every update, so they stay on the GPU.
  const table = (band: Band) =>
    keptTensor(backend, band, () => ({ shape: [band.outputs, 1 + band.taps], values: bandTable(band) }));
  program.run(backend, {
    outputs,
    inputs: [inputs.map, table(rows), table(columns)],
    constants: { LINE: Math.ceil(width / LINE_STEP) * LINE_STEP },
    uniforms: {
      ...{ height, width, outHeight: rows.outputs, outWidth: columns.outputs },
      ...{ rowTaps: rows.taps, columnTaps: columns.taps },
    },
    workgroups: [rows.outputs, batch, 1],
  });
}
