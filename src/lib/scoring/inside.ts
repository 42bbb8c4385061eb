// What happens between features and map, step by step, for whoever wants to look: the same arithmetic as answer.ts, with
// nothing thrown away. Tensors, owned by the caller; B = 1 image.
import { tf } from '../gpu/tf';
import { distanceMap } from '../kernels/maps/distanceMap';
import type { BiGrid } from '../methods/grad/biGrid';
import { fusedMap, type MapOptions } from '../methods/grad/fusedMap';

/** The way of the features through GRAD's grids, or a single one of them. */
export interface GridSteps {
  /** Where each pixel looks into the local tables, [H * W, 2], and the image as a whole into the global ones, [1, 2]. */
  local: tf.Tensor2D;
  global: tf.Tensor2D;
  /** x_n and x_a, [1, H, W, C]: what the branches rebuild; null for a branch that the method does not have. */
  normal: tf.Tensor4D | null;
  abnormal: tf.Tensor4D | null;
  /** x_pre, [1, H, W, C]; null for the abnormal grid alone, which rebuilds nothing. */
  fused: tf.Tensor4D | null;
  /** sim, [1, H, W]; 0 without refinement, 1 where nothing differs. Null without x_pre. */
  similarity: tf.Tensor3D | null;
  /** x_rec = sim phi + (1 - sim) x_pre, [1, H, W, C]; null without x_pre. */
  refined: tf.Tensor4D | null;
  /** The method's map, [1, H, W], as answer() has it. */
  map: tf.Tensor3D;
}

/** @param input [1, H, W, C], as modelInput() gives it */
export function gridSteps(model: BiGrid, input: tf.Tensor4D, options: MapOptions): GridSteps {
  return tf.tidy(() => {
    const { local, global } = model.coordinates(input);
    const branches = model.branches(input);
    const map = fusedMap(model, input, branches, options);
    const fused = branches.normal && model.fuse(branches, options.fusionValue ?? undefined);
    // A sum of two standardised maps is no distance: the one of the two that is.
    const distance =
      fused && model.config.gate === 'sum'
        ? distanceMap(input, fused, options.refine, model.reading.near)
        : map;
    const similarity = fused && similarityIn(input, fused, distance);
    const weight = similarity?.expandDims<tf.Tensor4D>(3);
    const refined = fused && weight ? fused.add<tf.Tensor4D>(input.sub(fused).mul(weight)) : null;
    // Tensors and nulls: tidy keeps the tensors and passes over the nulls.
    return { local, global, ...branches, fused, similarity, refined, map } as GridSteps & tf.NamedTensorMap;
  });
}

/** How much of the distance the map leaves is 1 - sim: |x_rec - phi| = (1 - sim) |x_pre - phi|. */
function similarityIn(input: tf.Tensor4D, fused: tf.Tensor4D, map: tf.Tensor3D): tf.Tensor3D {
  const whole = distanceMap(input, fused, false);
  const share = map.div<tf.Tensor3D>(whole.maximum(SMALLEST));
  return share.mul(-1).add<tf.Tensor3D>(1);
}

/** Below this a distance counts as none. */
const SMALLEST = 1e-30;

/** The projection [n, 3] of vectors [..., C] on three axes [C, 3]. The caller disposes it. */
export function projected(vectors: tf.Tensor, axes: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.matMul(vectors.reshape<tf.Tensor2D>([-1, axes.shape[0]]), axes));
}

/**
 * A global table [R, R, H * W * C] on the axes, each of its cells a small map of h x w means over squares of pixels.
 * @returns [R * R, h, w, 3] with max(h, w) at most `most`; the caller disposes it
 */
export function projectedTiles(
  table: tf.Tensor3D,
  [height, width, channels]: readonly [number, number, number],
  axes: tf.Tensor2D,
  most: number,
): tf.Tensor4D {
  const cells = table.shape[0] * table.shape[1];
  return tf.tidy(() => {
    const maps = projected(table.reshape([-1, channels]), axes).reshape<tf.Tensor4D>([
      cells,
      height,
      width,
      3,
    ]);
    const side = Math.ceil(Math.max(height, width) / most);
    return side > 1 ? tf.avgPool(maps, side, side, 'same') : maps;
  });
}
