// From a small distance map to the smoothed map that is scored and shown: upsampling, Gaussian smoothing and
// CRAD's average pools. Each is a linear operator per axis (bands.ts), so any chain of them is one operator and one
// dispatch of resampleMap(). No gradient: no loss looks at these maps.
import { partsOf, plainLayout, TooManyTiles, type MapAxis, type MapLayout } from '../../framing';
import type { tf } from '../../gpu/tf';
import { bilinearBand, gaussianBand, identityBand, type Band } from './operators1d';
import { MAX_WIDTH, resampleMap } from './resampleMap';
import {
  layoutScoringBand,
  pooledForImage,
  pooledForPixels,
  STEPS_OF,
  type ScoringStep,
  type Smoothing,
} from './scoringBands';

export type { Smoothing };

/** What is scored: `pixels` for pixel figures and for the eye; the maximum of `image` is the image's score. */
export interface ScoredMaps {
  /** [B, height, width]. */
  pixels: tf.Tensor3D;
  /** The same tensor as `pixels`, but for CRAD: [B, height + 1, width + 1], pooled once more, or as its public code [B, height - 31, width - 31]. */
  image: tf.Tensor3D;
}

/**
 * Bilinear upsampling with align_corners=true.
 * @param map [B, H, W] @param size S, in pixels @returns [B, S, S]
 */
export function upsampleMap(map: tf.Tensor3D, size: number): tf.Tensor3D {
  return along(map, (samples) => bilinearBand(samples, size));
}

/**
 * Gaussian smoothing as scipy.ndimage.gaussian_filter: edges mirrored with the edge sample repeated, radius
 * int(4 sigma + 0.5).
 * @param map [B, H, W] @param sigma in samples of this map, >= 0 @returns the same shape
 */
export function smoothMap(map: tf.Tensor3D, sigma: number): tf.Tensor3D {
  return along(map, (samples) => gaussianBand(samples, sigma));
}

/**
 * CRAD's evaluation of an upsampled map: average pool 21 x 21 for pixel figures, and of its result 32 x 32 before
 * the maximum; stride 1, the padding's zeros counted (torch's avg_pool2d).
 * @param map [B, H, W] @returns pixels [B, H, W] and image [B, H + 1, W + 1]
 */
export function cradPools(map: tf.Tensor3D): ScoredMaps {
  return {
    pixels: along(map, (samples) => pooledForPixels(identityBand(samples))),
    image: along(map, (samples) => pooledForImage(identityBand(samples))),
  };
}

/**
 * Upsampling and smoothing in one dispatch: the same numbers as upsampleMap() followed by smoothMap() with sigma
 * 4 * S / 256, or by cradPools() (two dispatches), with far less arithmetic.
 * @param map [B, H, W]; of an image that was cut, all its parts row by row
 * @param size S in pixels of a square map, or how the inputs' maps lie on the image's
 * @throws TooManyTiles
 */
export function scoreMaps(map: tf.Tensor3D, size: number | MapLayout, smoothing: Smoothing): ScoredMaps {
  const layout = typeof size === 'number' ? plainLayout({ width: size, height: size }) : size;
  const parts = partsOf(layout) === 1 ? map : mosaic(map, layout);
  const steps = STEPS_OF[smoothing];
  const pixels = score(parts, layout, steps.pixels);
  return { pixels, image: steps.image === steps.pixels ? pixels : score(parts, layout, steps.image) };
}

/** Maps [n, h, w] of an image's parts side by side: [1, rows * h, columns * w]. @throws TooManyTiles */
function mosaic(maps: tf.Tensor3D, { rows, columns }: MapLayout): tf.Tensor3D {
  const [, height, width] = maps.shape;
  const [down, across] = [rows.starts.length, columns.starts.length];
  if (across * width > MAX_WIDTH)
    throw new TooManyTiles(
      `${across} tiles beside each other, of ${width} values each, are more than the ${MAX_WIDTH} values that a line can have`,
    );
  return maps
    .reshape([down, across, height, width])
    .transpose([0, 2, 1, 3])
    .reshape<tf.Tensor3D>([1, down * height, across * width]);
}

/** Applies one operator to both axes. */
function along(map: tf.Tensor3D, operator: (samples: number) => Band): tf.Tensor3D {
  const [, height, width] = map.shape;
  const rows = operator(height);
  return resampleMap(map, rows, width === height ? rows : operator(width));
}

/** Operators in use, by parameters: composing one takes milliseconds, and a live update has not many. */
const composed = new Map<string, Band>();
const MAX_COMPOSED = 16;

function score(map: tf.Tensor3D, { rows, columns }: MapLayout, step: ScoringStep): tf.Tensor3D {
  const [, height, width] = map.shape;
  return resampleMap(map, operator(height, rows, step), operator(width, columns, step));
}

function operator(samples: number, axis: MapAxis, step: ScoringStep): Band {
  const key = `${samples} ${axis.size} ${axis.span} ${axis.starts.join()} ${step}`;
  const known = composed.get(key);
  if (known) return known;
  if (composed.size >= MAX_COMPOSED) composed.clear();
  const made = layoutScoringBand(samples / axis.starts.length, axis, step);
  composed.set(key, made);
  return made;
}
