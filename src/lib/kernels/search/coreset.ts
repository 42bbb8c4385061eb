// Greedy choice of a coreset (k-centre), one dispatch a pick (shaders/search/coreset_pick.wgsl): stock operations need a dozen
// dispatches, or a distance matrix of all points. Which points there are, and how many are wanted, others say.
// No gradient.
import pickSource from '../../../../shaders/search/coreset_pick.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

/** Farther from everything than any point can be, and one step more for the point that goes first. */
const [FAR, FARTHEST] = [1e38, 2e38];
/** The distance of a point that is chosen already. */
const CHOSEN = -1;
/** Channels read at a time: a vector of four. */
const QUAD = 4;

type Inputs = 'points' | 'distances' | 'picks';
interface Attributes {
  from: number;
  to: number;
}

const pick = defineKernel<Inputs, Attributes>({
  name: 'CoresetPick',
  outputShapes: () => [],
  cpu: pickOnCpu,
  webgpu: pickOnGpu,
});

/** Numbers a point takes: the shader reads four channels at a time, and zeros beyond the last one change no distance. */
export const coresetWidth = (channels: number): number => Math.ceil(channels / QUAD) * QUAD;

/**
 * Squared distances before anything is chosen: every point far, `first` farthest, so that it is chosen first.
 * @param points how many there are, at most 2^24
 * @returns [points], for pickCoreset()
 */
export function coresetDistances(points: number, first: number): tf.Tensor1D {
  const distances = new Float32Array(points).fill(FAR);
  distances[first] = FARTHEST;
  return tf.tensor1d(distances);
}

/**
 * Chooses further points, each the one farthest (Euclidean) from all chosen before it: the minimax facility location of
 * PatchCore, algorithm 1. Changes `distances` and `picks` in place and reads nothing back.
 * @param points [N, coresetWidth(d)]
 * @param distances [N] from coresetDistances()
 * @param picks [M] indices of the points; places `from` to `to` - 1 are written, those before stay
 * @param range `to` at most N
 * @throws Error when the shapes do not fit
 */
export function pickCoreset(
  points: tf.Tensor2D,
  distances: tf.Tensor1D,
  picks: tf.Tensor1D,
  range: Attributes,
): void {
  const [count, width] = points.shape;
  tf.util.assertShapesMatch(distances.shape, [count], 'pickCoreset, distances: ');
  tf.util.assert(
    width % QUAD === 0 && range.to <= Math.min(picks.size, count),
    () => `pickCoreset: points [${points.shape}] have no ${range.to} picks, or no room for [${picks.shape}]`,
  );
  pick({ points, distances, picks }, range);
}

function pickOnCpu({ inputs, values, attributes, replace }: CpuCall<Inputs, Attributes>): void {
  const [count, width] = inputs.points.shape as [number, number];
  const distances = values.distances.slice();
  const picks = values.picks.slice();
  for (let i = attributes.from; i < attributes.to; i++) {
    const chosen = distances.reduce((best, distance, j) => (distance > distances[best]! ? j : best), 0);
    picks[i] = chosen;
    for (let j = 0; j < count; j++) {
      let sum = 0;
      for (let c = 0; c < width; c++) {
        sum += (values.points[j * width + c]! - values.points[chosen * width + c]!) ** 2;
      }
      distances[j] = Math.min(distances[j]!, sum);
    }
    distances[chosen] = CHOSEN;
  }
  replace('distances', distances);
  replace('picks', picks);
}

const program = new Program(pickSource);
/** Points of a workgroup. */
const POINTS = program.constant('THREADS') * program.constant('POINTS');

function pickOnGpu({ backend, inputs, attributes, scratch }: WebgpuCall<Inputs, Attributes>): void {
  const { points, distances, picks } = inputs;
  const [count, width] = points.shape as [number, number];
  const groups = Math.ceil(count / POINTS);
  let [before, after] = [scratch([groups, 2]), scratch([groups, 2])];
  const dispatch = (candidates: number, place: number) => {
    program.run(backend, {
      inputs: [points, before],
      outputs: [distances, picks, after],
      uniforms: { points: count, quads: width / QUAD, candidates, pick: place },
      workgroups: groups,
    });
    [before, after] = [after, before];
  };
  dispatch(0, 0);
  for (let place = attributes.from; place < attributes.to; place++) dispatch(groups, place);
}
