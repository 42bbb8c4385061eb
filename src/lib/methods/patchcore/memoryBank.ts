// PatchCore's training: the patches worth remembering, and the bank that holds them. Features pass twice, batch by batch: first
// short versions of the pool's patches, to choose from, then the chosen ones in full; never all at once.
import { collectRows } from '../../kernels/search/collectRows';
import { coresetDistances, coresetWidth, pickCoreset } from '../../kernels/search/coreset';
import { linear } from '../../kernels/linear/linear';
import { tf } from '../../gpu/tf';
import { Random } from '../../nn/random';
import type { FitSteps } from '../../nn/fit';
import type { InputShape } from '../detector';
import { FeaturesNotFinite, largestTensor, MemoryTooLarge } from '../memoryErrors';
import { drawSorted, type CoresetSizes } from './patches';

/**
 * Channels that distances are computed on while choosing: the paper's Johnson-Lindenstrauss projection, 128 as in the public code.
 * Features that have no more are used as they are, exactly.
 */
export const PROJECTED_CHANNELS = 128;
/** Indices travel as float32. */
const MOST_PATCHES = 2 ** 24;
/** The GPU works about this long between two looks at its control, in milliseconds. */
const TURN_MS = 100;

/** Steps of a fit: images, picks (none where all are kept), images again. */
export const stepsOf = (images: number, { pool, coreset }: CoresetSizes): number =>
  coreset < pool ? 2 * images + coreset : images;

export interface Bank {
  /** [M, C], in the order of the images. */
  patches: tf.Tensor2D;
  /** Which of all training patches they are, ascending. */
  members: Uint32Array;
}

/** What is remembered of a feature map: [B, H, W, C] -> [B * H * W, C]. */
export type ToPatches = (phi: tf.Tensor4D) => tf.Tensor2D;

/**
 * The remembered patches; null when cancelled.
 * @throws FeaturesNotFinite | MemoryTooLarge | GpuFault
 */
export async function buildBank(
  steps: FitSteps,
  shape: InputShape,
  sizes: CoresetSizes,
  toPatches: ToPatches,
): Promise<Bank | null> {
  const { source, seed } = steps.work;
  const { channels } = shape;
  checkMemory(sizes, channels);
  const patches = source.count * shape.height * shape.width;
  const random = Random.stream(seed, 'patchcore pool');
  const pool = drawSorted(random, patches, sizes.pool);
  const members =
    sizes.coreset < sizes.pool ? await chooseMembers(steps, channels, pool, sizes.coreset, toPatches) : pool;
  if (!members) return null;
  const kept = await collect(steps, 'memory bank', members, channels, toPatches);
  return kept && { patches: kept, members };
}

/** @throws MemoryTooLarge with the number of patches that would fit */
function checkMemory({ pool, coreset }: CoresetSizes, channels: number): void {
  const check = (what: string, count: number, width: number, setting: string) => {
    const most = Math.min(largestTensor(), MOST_PATCHES * 4 * width);
    if (4 * count * width <= most) return;
    const fitting = Math.floor(most / (4 * width));
    throw new MemoryTooLarge(what, 4 * count * width, most, `Set ${setting} to at most ${fitting}.`);
  };
  const width = coresetWidth(Math.min(channels, PROJECTED_CHANNELS));
  if (coreset < pool) check(`${pool} patches to choose from`, pool, width, 'the coreset pool');
  check(`${coreset} remembered patches`, coreset, channels, 'the coreset limit');
}

/** The greedy coreset of the pool, in ascending order; null when cancelled. */
async function chooseMembers(
  steps: FitSteps,
  channels: number,
  pool: Uint32Array,
  count: number,
  toPatches: ToPatches,
): Promise<Uint32Array | null> {
  const { seed } = steps.work;
  const projection = projectionFor(seed, channels);
  const width = coresetWidth(projection?.shape[1] ?? channels);
  const shorten: ToPatches = (phi) => {
    const rows = toPatches(phi);
    return projection ? linear(rows, projection) : rows;
  };
  try {
    const points = await collect(steps, 'patches', pool, width, shorten);
    if (!points) return null;
    const first = Random.stream(seed, 'patchcore first pick').int(0, pool.length - 1);
    const picks = await chooseCoreset(steps, points, count, first);
    return picks && Uint32Array.from(picks, (pick) => pool[pick]!).sort();
  } finally {
    projection?.dispose();
  }
}

/** Gaussian, so that distances keep their length on average; [C, 128], or null where features are that short already. */
function projectionFor(seed: number, channels: number): tf.Tensor2D | null {
  if (channels <= PROJECTED_CHANNELS) return null;
  const random = Random.stream(seed, 'patchcore projection');
  const values = random.normals(channels * PROJECTED_CHANNELS, 1 / Math.sqrt(PROJECTED_CHANNELS));
  return tf.tensor2d(values, [channels, PROJECTED_CHANNELS]);
}

/**
 * Picks of the greedy choice in their order; null when cancelled. As many picks go to the GPU at a time as keep it busy for
 * one turn; where a turn ends changes nothing.
 * @param points [N, width], disposed afterwards
 */
async function chooseCoreset(
  steps: FitSteps,
  points: tf.Tensor2D,
  count: number,
  first: number,
): Promise<Float32Array | null> {
  const distances = coresetDistances(points.shape[0], first);
  const picks = tf.fill<tf.Rank.R1>([count], 0);
  try {
    for (let from = 0, turn = 4; from < count;) {
      if (!(await steps.next())) return null;
      const to = Math.min(from + turn, count);
      const start = performance.now();
      pickCoreset(points, distances, picks, { from, to });
      await steps.done('coreset', to - from);
      turn = nextTurn(to - from, performance.now() - start);
      from = to;
    }
    return await picks.data<'float32'>();
  } finally {
    tf.dispose([points, distances, picks]);
  }
}

/** So many picks as would have taken one turn; at most twice as many as before, since single times jump. */
const nextTurn = (picks: number, ms: number): number =>
  Math.max(1, Math.min(2 * picks, Math.round((picks * TURN_MS) / ms)));

/**
 * One pass over the training images: some of their patches as rows of one tensor.
 * @param wanted which patches, counted through all images, ascending
 * @param width of a row; what the transformed patches leave of it is zero
 * @returns [wanted, width]; null when cancelled
 * @throws FeaturesNotFinite
 */
async function collect(
  steps: FitSteps,
  phase: string,
  wanted: Uint32Array,
  width: number,
  transform: ToPatches,
): Promise<tf.Tensor2D | null> {
  const store = tf.fill<tf.Rank.R2>([wanted.length, width], 0);
  const sums: tf.Scalar[] = [];
  let taken = 0;
  const visit = (phi: tf.Tensor4D, image: number) => {
    const perImage = phi.shape[1] * phi.shape[2];
    const targets = new Float32Array(phi.shape[0] * perImage).fill(-1);
    const begin = image * perImage;
    while (taken < wanted.length && wanted[taken]! < begin + targets.length) {
      targets[wanted[taken]! - begin] = taken++;
    }
    tf.tidy(() => {
      collectRows(transform(phi), tf.tensor1d(targets), store);
      sums.push(tf.keep(phi.sum()));
    });
  };
  let whole = false;
  try {
    whole = (await steps.everyBatch(phase, visit)) && (await allFinite(sums));
    return whole ? store : null;
  } finally {
    tf.dispose(sums);
    if (!whole) store.dispose();
  }
}

/** A value that is no finite number makes its batch's sum one too. @throws FeaturesNotFinite */
async function allFinite(sums: tf.Scalar[]): Promise<true> {
  const all = tf.stack(sums);
  try {
    if (!(await all.data()).every(Number.isFinite)) throw new FeaturesNotFinite();
    return true;
  } finally {
    all.dispose();
  }
}
