// PaDiM as an ONNX graph (index.ts): the Mahalanobis distance at every place as the length of L^-1 (x - mean), for all
// places at once as one product of matrices each.
import { binary, matMul, reduce, reshape, square, transpose, unary } from '../../formats/onnx/ops';
import { packedIndex, packedSize } from '../../kernels/search/mahalanobis';
import { BadModelFile } from '../errors';
import { checkInput, type MethodGraphBuilder } from '../methodGraph';
import { configIn, size } from '../stored';

const build: MethodGraphBuilder = (s, input, config) => {
  const { height, width, channels } = configIn({ height: size, width: size, channels: size }, config);
  checkInput(input, [channels, height, width]);
  const { g } = s;
  const places = height * width;
  const d = s.shapeOf('channels')[0] ?? 0;
  const chosen = [...s.tensor('channels', [d])()];
  if (!chosen.every((channel) => Number.isInteger(channel) && channel >= 0 && channel < channels)) {
    throw new BadModelFile('its channels are not those of the features');
  }
  const images = input.shape[0]!;
  const kept = g.node('Gather', [input, g.integers('channels', chosen)], { axis: { int: 1 } }, { shape: [images, d, height, width] }); // prettier-ignore
  // [places, d, N]
  const byPlace = transpose(g, reshape(g, kept, [images, d, places]), [2, 1, 0]);
  const mean = g.floats('mean', [places, d, 1], s.tensor('mean', [places, d]));
  const whitening = g.weights('whitening', [places, packedSize(d)], s.tensor('whitening', [places, packedSize(d)])); // prettier-ignore
  // Stored as triangles; unfolded to matrices [places, d, d] when the model is loaded.
  const cells = g.integers('cells', cellsOf(d));
  const rows = g.node('Gather', [whitening, cells], { axis: { int: 1 } }, { shape: [places, d * d] });
  const lower = g.node('Trilu', [reshape(g, rows, [places, d, d])], { upper: { int: 0 } });
  const whitened = matMul(g, lower, binary(g, 'Sub', byPlace, mean));
  const distances = unary(g, 'Sqrt', reduce(g, 'ReduceSum', square(g, whitened), [1]));
  return { map: reshape(g, transpose(g, distances, [1, 0]), [images, height, width]), score: null };
};
export default build;

/** Where each cell of a matrix [d, d] lies in the packed triangle; above the diagonal anywhere. */
const cellsOf = (d: number): number[] =>
  Array.from({ length: d * d }, (_, cell) => {
    const [row, column] = [Math.floor(cell / d), cell % d];
    return row >= column ? packedIndex(row, column, d) : 0;
  });
