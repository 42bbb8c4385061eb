// Exact nearest neighbours in a memory bank of patches (shaders/search/nearest_neighbour.wgsl, on a GPU nearest_tiled.wgsl; then
// nearest_merge.wgsl). Stock
// operations write the matrix of all distances and read it again; here it only lives in registers. No gradient.
import mergeSource from '../../../../shaders/search/nearest_merge.wgsl';
import searchSource from '../../../../shaders/search/nearest_neighbour.wgsl';
import tiledSource from '../../../../shaders/search/nearest_tiled.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';
import { tiledProgram } from '../linear/tiledProduct';
import { tileSides } from '../linear/tiles';
import { tilesPay } from '../linear/tiling';

/** The bank is cut until there are about this many workgroups. */
const ENOUGH_GROUPS = 256;
const ENOUGH_TILED_GROUPS = 512;
/** The square that stands where no distance is a number, as in the shader. */
const FARTHEST = 3e38;

type Inputs = 'queries' | 'bank' | 'squares' | 'indices';
interface Attributes {
  /** Look beyond the neighbours (squares, indices) found before. */
  further: boolean;
  /** The only search: one that goes on from another has to round as that did, and tiles round in their own way. */
  only: boolean;
}

const search = defineKernel<Inputs, Attributes>({
  name: 'NearestNeighbour',
  outputShapes: ({ inputs }) => [[inputs.queries.shape[0]!], [inputs.queries.shape[0]!]],
  cpu: searchOnCpu,
  webgpu: searchOnGpu,
});

export interface Neighbours {
  /** Euclidean, nearest first. */
  distances: tf.Tensor2D;
  /** Which points of the bank they are. */
  indices: tf.Tensor2D;
}

/**
 * The k nearest points of the bank for each query; of equally near ones the first comes first. k = 1 is made for
 * whole maps; each further neighbour is another search, for few queries.
 * @param queries [Q, C]
 * @param bank [C, M], point by point in columns; at most 2^24 points
 * @param k from 1 to M
 * @returns distances and indices, each [Q, k]; the caller disposes them
 * @throws Error when the shapes do not fit or the bank has fewer than k points
 */
export function nearestNeighbours(queries: tf.Tensor2D, bank: tf.Tensor2D, k = 1): Neighbours {
  tf.util.assert(
    queries.shape[1] === bank.shape[0] && k >= 1 && k <= bank.shape[1],
    () => `nearestNeighbours: no ${k} neighbours of [${queries.shape}] in a bank [${bank.shape}]`,
  );
  return tf.tidy(() => {
    const nothing = tf.zeros<tf.Rank.R1>([1]);
    const found = [
      search({ queries, bank, squares: nothing, indices: nothing }, { further: false, only: k === 1 }),
    ];
    while (found.length < k) {
      const [squares, indices] = found.at(-1)! as [tf.Tensor, tf.Tensor];
      found.push(search({ queries, bank, squares, indices }, { further: true, only: false }));
    }
    const columns = (output: 0 | 1) =>
      tf.stack(
        found.map((one) => one[output]!),
        1,
      ) as tf.Tensor2D;
    return { distances: columns(0).sqrt(), indices: columns(1) } satisfies Neighbours & tf.NamedTensorMap;
  });
}

/** Straight through the bank, in float64. */
function searchOnCpu({ inputs, values, attributes, outputs }: CpuCall<Inputs, Attributes>): void {
  const [count, channels] = inputs.queries.shape as [number, number];
  const points = inputs.bank.shape[1]!;
  const [squares, indices] = outputs as [Float32Array, Float32Array];
  for (let query = 0; query < count; query++) {
    squares[query] = FARTHEST;
    for (let point = 0; point < points; point++) {
      let square = 0;
      for (let c = 0; c < channels; c++) {
        square += (values.queries[query * channels + c]! - values.bank[c * points + point]!) ** 2;
      }
      // Compared as it will be stored, or a neighbour found before would come again.
      square = Math.fround(square);
      const [before, index] = [values.squares[query]!, values.indices[query]!];
      const counts = !attributes.further || square > before || (square === before && point > index);
      if (!counts || square >= squares[query]!) continue;
      squares[query] = square;
      indices[query] = point;
    }
  }
}

const programs = {
  search: new Program(searchSource),
  merge: new Program(mergeSource),
};
/** Queries and points of a tile, and threads side by side. */
const TILE = programs.search.constant('TILE');
const ACROSS = programs.search.constant('ACROSS');

function searchOnGpu(call: WebgpuCall<Inputs, Attributes>): void {
  const { backend, inputs, attributes, outputs } = call;
  const [count, channels] = inputs.queries.shape as [number, number];
  const points = inputs.bank.shape[1]!;
  if (attributes.only && channels % 4 === 0 && tilesPay(backend)) return searchByTiles(call);
  const groups = Math.ceil(count / TILE);
  const slice = TILE * Math.max(1, Math.floor((Math.ceil(points / TILE) * groups) / ENOUGH_GROUPS));
  const slices = Math.ceil(points / slice);
  const candidates = call.scratch([ACROSS * slices, count, 2]);
  programs.search.run(backend, {
    inputs: [inputs.queries, inputs.bank, inputs.squares, inputs.indices],
    outputs: [candidates],
    constants: { FURTHER: Number(attributes.further) },
    uniforms: { queries: count, channels, points, slice },
    workgroups: [groups, slices, 1],
  });
  programs.merge.run(backend, {
    outputs,
    inputs: [candidates],
    uniforms: { queries: count, candidates: ACROSS * slices },
    workgroups: Math.ceil(count / programs.merge.constant('THREADS')),
  });
}

const SEARCH_TILE = '64x64x16';

function searchByTiles({ backend, inputs, outputs, scratch }: WebgpuCall<Inputs, Attributes>): void {
  const [count, channels] = inputs.queries.shape as [number, number];
  const points = inputs.bank.shape[1]!;
  const program = tiledProgram(tiledSource, SEARCH_TILE, backend);
  const [high, wide] = tileSides(SEARCH_TILE);
  const groups = Math.ceil(count / high);
  const slice = wide * Math.max(1, Math.floor((Math.ceil(points / wide) * groups) / ENOUGH_TILED_GROUPS));
  const slices = Math.ceil(points / slice);
  const lists = program.constant('ACROSS') * slices;
  const candidates = scratch([lists, count, 2]);
  program.run(backend, {
    inputs: [inputs.queries, inputs.bank],
    outputs: [candidates],
    uniforms: { queries: count, channels, points, slice },
    workgroups: [groups, slices, 1],
  });
  programs.merge.run(backend, {
    inputs: [candidates],
    outputs,
    uniforms: { queries: count, candidates: lists },
    workgroups: Math.ceil(count / programs.merge.constant('THREADS')),
  });
}
