// The ways to multiply that are measured against each other: tfjs, the project's kernels as they choose by themselves, and every
// tile and cut of the tiled product. What is fastest becomes a table of tilings that the kernels can be given.
import { tf } from '../../src/lib/gpu/tf';
import { convolution3x3 } from '../../src/lib/kernels/convolution/convolutionTraining';
import { linear } from '../../src/lib/kernels/linear/linear';
import { TILE_NAMES, type Tiling } from '../../src/lib/kernels/linear/tiles';
import { forceTiles, useTilings } from '../../src/lib/kernels/linear/tiling';

export interface Variant {
  name: string;
  /** [M, K] x [K, N], row-major float32. */
  product(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D;
  /** 3x3, stride 1, zeros outside; x [B, H, W, C], filter [3, 3, C, O]. Differentiable in both. */
  convolution?(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D;
  /** For all products while the variant runs; absent: as the kernels choose. */
  tiling?: Tiling;
}

const SLICES = [1, 2, 4, 8];

const ours = { product: linear<tf.Tensor2D>, convolution: convolution3x3 };

/** @param tiny two of the tiles, uncut */
export function variants(tiny: boolean): Variant[] {
  const tiled = TILE_NAMES.flatMap((tile) => SLICES.map((slices) => ({ tile, slices })));
  return [
    { name: 'tfjs', product: (a, b) => tf.matMul(a, b) },
    { name: 'default', ...ours },
    ...tiled
      .filter(({ slices }, i) => !tiny || (slices === 1 && i < 2 * SLICES.length))
      .map((tiling) => ({ name: `${tiling.tile} in ${tiling.slices}`, tiling, ...ours })),
  ];
}

/** Runs work with a variant's tiling in force. @returns the class of shape that was asked for last; null where none was */
export async function underTiling<T>(
  { tiling }: Variant,
  work: () => Promise<T>,
): Promise<{ result: T; shapeClass: string | null }> {
  let shapeClass: string | null = null;
  const note = (_: object, name: string | symbol) => {
    shapeClass = String(name);
    return tiling;
  };
  if (tiling) forceTiles(true);
  useTilings(new Proxy({}, { get: note }));
  try {
    return { result: await work(), shapeClass };
  } finally {
    useTilings({});
    forceTiles(null);
  }
}
