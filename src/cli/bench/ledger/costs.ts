// What a dispatch has to do, whatever does it: floating-point operations (a multiplication and an addition are two) and the
// bytes that have to pass between memory and chip, each buffer once. Known by the shader's name and its uniforms.
import type { Dispatch } from './countingDevice';

export interface Cost {
  flops: number;
  bytes: number;
}

/** Cost of one dispatch; null for a shader that is not in the table. */
export function costOf(dispatch: Dispatch): Cost | null {
  // A shader made for a tile carries its numbers in its name.
  const model = COSTS[dispatch.shader.replace(/(_\d+)+$/, '')];
  if (!model) return STREAMING.has(dispatch.shader) ? streaming(dispatch) : null;
  return { ...streaming(dispatch), ...model(dispatch) };
}

/** Bytes of what is bound; a buffer that is bound twice counts once. */
export const boundBytes = ({ bindings }: Dispatch): number =>
  bindings.reduce((sum, { bytes }) => sum + bytes, 0);

/** Everything bound passes once, with about one operation an element: memory decides. */
function streaming(dispatch: Dispatch): Cost {
  const bytes = boundBytes(dispatch);
  return { flops: bytes / 4, bytes };
}

type Model = (dispatch: Dispatch) => Partial<Cost>;

const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1);

/** Members of the uniform struct that are single numbers, by name. */
const numbers = ({ uniforms }: Dispatch): Record<string, number> =>
  Object.fromEntries(Object.entries(uniforms).map(([name, values]) => [name, values[0]!]));

const bytesOf = ({ bindings }: Dispatch, name: string): number =>
  bindings.find((binding) => binding.name === name)?.bytes ?? 0;

/** tfjs's matrix products and convolutions by way of one. */
const stockProduct: Model = ({ uniforms }) => ({
  flops: 2 * product(uniforms.outShape!) * uniforms.dimInner![0]!,
});

/** Four cells of the table a point, at most the whole table. */
function gridSample(dispatch: Dispatch): Partial<Cost> {
  const { points, channels } = numbers(dispatch) as { points: number; channels: number };
  const table = bytesOf(dispatch, 'table');
  const touched = Math.min(table, 16 * points * channels);
  return { flops: 8 * points * channels, bytes: boundBytes(dispatch) - table + touched };
}

/** Only what is taken out of the source is read. */
const slice: Model = (dispatch) => ({ flops: 0, bytes: 2 * bytesOf(dispatch, 'result') });

const COSTS: Record<string, Model | undefined> = {
  MatMulPackedProgram: stockProduct,
  MatMulSmallOutputSizeProgram: stockProduct,
  MatMulSplitKProgram: stockProduct,
  MatMulReduceProgram: stockProduct,
  Conv2DMMProgram: stockProduct,
  SliceProgram: slice,
  StridedSliceProgram: slice,
  GatherProgram: slice,
  Pool2DProgram: ({ uniforms }) => ({ flops: product(uniforms.outShape!) * product(uniforms.filterDims!) }),
  ResizeBilinearProgram: ({ uniforms }) => ({ flops: 8 * product(uniforms.outShape!) }),
  matrix_product: (dispatch) => {
    const { rows, columns, inner } = numbers(dispatch);
    return { flops: 2 * rows! * columns! * inner! };
  },
  // Every token looks at every other, once to weigh and once to add.
  token_attention: (dispatch) => ({ flops: numbers(dispatch).tokens! * bytesOf(dispatch, 'y') }),
  // Channels and columns of these three in quads.
  tiled_product: (dispatch) => {
    const { rows, columns, inner, taps } = numbers(dispatch);
    return { flops: 8 * product([rows!, columns!, inner!, taps!]) };
  },
  nearest_tiled: (dispatch) => {
    const { queries, points, channels } = numbers(dispatch);
    return { flops: 3 * product([queries!, points!, channels!]) };
  },
  convolution: (dispatch) => {
    const { batch, outHeight, outWidth, outputs, kernel, channels } = numbers(dispatch);
    return { flops: 32 * product([batch!, outHeight!, outWidth!, outputs!, kernel!, kernel!, channels!]) };
  },
  pointwise: (dispatch) => {
    // Columns and inner length in vectors of four.
    const { rows, columns, inner } = numbers(dispatch);
    return { flops: 32 * rows! * columns! * inner! };
  },
  row_dots: (dispatch) => {
    const { rows, columns, inner } = numbers(dispatch);
    return { flops: 8 * rows! * columns! * inner! };
  },
  grid_query: (dispatch) => {
    const { points, channels } = numbers(dispatch);
    const tables = bytesOf(dispatch, 'globalTable') + bytesOf(dispatch, 'localTable');
    const touched = Math.min(tables, 32 * points! * channels!);
    return { flops: 16 * points! * channels!, bytes: boundBytes(dispatch) - tables + touched };
  },
  depthwise_convolution: (dispatch) => {
    const { batch, outHeight, outWidth, channels, kernel } = numbers(dispatch);
    return { flops: 8 * product([batch!, outHeight!, outWidth!, channels!, kernel!, kernel!]) };
  },
  depthwise_3x3: (dispatch) => ({ flops: (18 * bytesOf(dispatch, 'y')) / 4 }),
  depthwise_3x3_filter_gradient: (dispatch) => ({ flops: (18 * bytesOf(dispatch, 'x')) / 4 }),
  squeeze_excite: (dispatch) => {
    const { batch, channels, reduced } = numbers(dispatch);
    return { flops: 4 * product([batch!, channels!, reduced!]) };
  },
  grid_sample: gridSample,
  grid_sample_dots: gridSample,
  grid_sample_table_gradient: (dispatch) => ({ flops: (8 * bytesOf(dispatch, 'dy')) / 4 }),
  resample_map: (dispatch) => {
    const { rowTaps, columnTaps } = numbers(dispatch);
    return { flops: (2 * rowTaps! * columnTaps! * bytesOf(dispatch, 'resampled')) / 4 };
  },
  // Parameter and moments are read and written.
  adamw: (dispatch) => {
    const parameter = bytesOf(dispatch, 'parameter');
    return { flops: 4 * parameter, bytes: boundBytes(dispatch) + 3 * parameter };
  },
};

/** Shaders that are as fast as memory is, whatever they compute. */
const STREAMING = new Set([
  ...['BinaryOpProgram', 'UnaryOpProgram', 'PadProgram', 'ConcatProgram', 'ReverseProgram', 'TransposeProgram'],
  ...['TransposeSharedProgram', 'TileProgram', 'ReduceProgram', 'FillProgram', 'SelectProgram', 'AddNPackedProgram'],
  ...['ClipProgram', 'ClipVec4Program', 'FromPixelsProgram', 'MirrorPadProgram', 'ArgMinMaxProgram'],
  ...['normalise', 'normalise_moments', 'normalise_merge', 'normalise_gradient', 'normalise_gradient_sums'],
  ...['normalise_gradient_merge', 'running_statistics', 'layer_norm', 'layer_norm_gradient', 'channel_sums'],
  ...['sum_slices', 'finish_slices', 'pair_sums', 'weighted_sum', 'sum_of_squares', 'clip_scale', 'channel_mean'],
  ...['gated_hard_swish', 'gated_hard_swish_gradient', 'grid_sample_sort', 'grid_sample_coordinates_gradient'],
  ...['distance_map', 'map_extremes', 'non_finite', 'paste_block', 'collect_rows', 'nearest_merge'],
  ...['dropout', 'feature_jitter', 'gaussian_noise', 'normalise_image', 'normalise_features', 'fold_norm'],
  ...['branch_maps', 'checked_row', 'normalise_residual_sums', 'vector_network', 'vector_network_gradient'],
  ...['vector_network_weights'],
]); // prettier-ignore
