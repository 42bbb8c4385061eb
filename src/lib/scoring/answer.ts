// The one way from features to a score: adapt them to the model, paste blocks, run the method, enlarge and smooth its map,
// take the image scores (METHOD section 6), and count what is no finite number. Everything that answers goes through
// answer(): a live view, a table of scores, a camera's frame. No page, no worker and no settings are needed:
//
//     const checked = tf.tidy(() => {
//       const found = answer(state, phi, { size: 256, smooth: 'gauss', refine: true });
//       return withFiniteCheck(found, found.scored);
//     });
//     const [{ score, extremes }] = await readFiniteScores(checked, ['a.png']);
//
// Nothing waits for the GPU here; finiteScores.ts is how the numbers come back, in one read.
import { adaptFeatures, type Statistics } from '../backbones/features';
import { tf } from '../gpu/tf';
import { distanceMap } from '../kernels/maps/distanceMap';
import { mapExtremes } from '../kernels/maps/mapExtremes';
import { nonFinite } from '../kernels/maps/nonFinite';
import { pasteBlock } from '../kernels/maps/pasteBlock';
import { scoreMaps, type ScoredMaps, type Smoothing } from '../kernels/maps/smoothMap';
import { isDetector, type Detector } from '../methods/detector';
import type { BiGrid, Branches } from '../methods/grad/biGrid';
import { blockMask, type PlacedBlock } from '../methods/grad/blocks';
import { abnormalScore } from '../methods/grad/stages';

/** Whatever answers an input with a map; `isDetector` tells them apart. */
export type AnomalyModel = BiGrid | Detector;

/** A model with the statistics of the features it was trained on. */
export interface AnsweringModel {
  readonly model: AnomalyModel;
  readonly statistics: Statistics;
}

/** A block to paste into the features before the model sees them. */
export interface PastedBlock extends PlacedBlock {
  /** In sigma, the standard deviation of the training features; either sign. */
  intensity: number;
}

/**
 * What an image's score is. `max`: the method's own score where it defines one, else the maximum of the scored map; `top`: the
 * mean of the highest pixels of the scored map; `quantile`: the lowest of these; `raw`: the method's own score, else the
 * maximum of its map at its own resolution, not smoothed.
 */
export type ImageScoreKind = 'max' | 'top' | 'quantile' | 'raw';

export interface AnswerOptions {
  /** S: side of the maps that are scored and shown, in pixels; an integer >= 1. */
  size: number;
  /** What follows the enlargement: nothing, a Gaussian of 4 px at 256 px, or CRAD's pools. */
  smooth: Smoothing;
  /** How the image score is read off the map; `max` unless given. */
  imageScore?: ImageScoreKind;
  /** For `top` and `quantile`: of how many of the S x S pixels, in percent, above 0 to 100; 1 unless given. */
  imageShare?: number;
  /** GRAD only: whether the distance is taken after the refinement of METHOD section 6. */
  refine: boolean;
  /** GRAD only: w or lambda in place of the trained value. */
  fusionValue?: number | null;
  /** Pasted one at a time into the one image given: answer i is that of the image with block i. */
  blocks?: readonly PastedBlock[];
}

/** Maps [B, h, w] at the method's own resolution, in its own unit; null for a branch that the method does not have. */
export interface AnomalyMaps {
  /** The method's answer: its image score and pixel figures come from this one. */
  fused: tf.Tensor3D;
  /** L2 norm over channels of (x_n - phi), unrefined. */
  normal: tf.Tensor3D | null;
  /** Channel 0 of x_a, signed: positive means "looks pasted". */
  abnormal: tf.Tensor3D | null;
}

/** Tensors, owned by the caller; tf.tidy and tf.dispose take the whole. B images, or as many as there are blocks. */
export interface Answer {
  maps: AnomalyMaps;
  /** [B, S, S]: the fused map enlarged and smoothed, as it is scored and shown. */
  scored: tf.Tensor3D;
  /** [B]: as `imageScore` says; the maximum is that of the scored map (of CRAD's further pool). */
  scores: tf.Tensor1D;
  /** [B, H, W], 0 or 1: the cells that were pasted on; null without blocks. */
  mask: tf.Tensor3D | null;
  /** [B, COUNTS]: values of the adapted input and of the maps that are NaN or infinite, for withFiniteCheck(). */
  nonFinite: tf.Tensor2D;
}

/**
 * What a model says of inputs.
 * @param phi [B, H, W, C]: features as the backbone gives them, or pixels in 0..1 for a method that looks at those; stays
 * the caller's
 * @throws RangeError for blocks and more than one image; LimitsTooLow
 */
export function answer(
  { model, statistics }: AnsweringModel,
  phi: tf.Tensor4D,
  {
    size,
    smooth,
    refine,
    imageScore = 'max',
    imageShare = 1,
    fusionValue = null,
    blocks = [],
  }: AnswerOptions,
): Answer {
  return tf.tidy(() => {
    const adapted = adaptFeatures(phi, statistics);
    const mask = blocks.length > 0 ? blockMasks(blocks, phi) : null;
    const input = mask ? pasted(adapted, mask, blocks, statistics.sigma) : adapted;
    const maps = anomalyMaps(model, input, { refine, fusionValue });
    const { pixels, image } = scoreMaps(maps.fused, size, smooth);
    return {
      maps,
      scored: pixels,
      scores: imageScores(model, input, { raw: maps.fused, pixels, image }, { imageScore, imageShare }),
      mask,
      nonFinite: nonFinite(input, ...[maps.fused, maps.normal, maps.abnormal].filter((map) => map !== null)),
      // Tensors and nulls: tidy keeps the tensors and passes over the nulls.
    } as Answer & tf.NamedTensorMap;
  });
}

/** A branch's map [B, h, w] as it is shown: [B, S, S], bilinear, not smoothed. The caller disposes it. */
export const enlarge = (map: tf.Tensor3D, size: number): tf.Tensor3D => scoreMaps(map, size, 'none').pixels;

/** Masks [n, H, W] of blocks on maps like phi [B, H, W, C]. The caller disposes them. */
export function blockMasks(blocks: readonly PlacedBlock[], phi: tf.Tensor4D): tf.Tensor3D {
  const [, height, width] = phi.shape;
  const cells = new Float32Array(blocks.length * height * width);
  blocks.forEach((block, i) => cells.set(blockMask(block, height, width), i * height * width));
  return tf.tensor3d(cells, [blocks.length, height, width]);
}

function pasted(
  phi: tf.Tensor4D,
  masks: tf.Tensor3D,
  blocks: readonly PastedBlock[],
  sigma: number,
): tf.Tensor4D {
  if (phi.shape[0] !== 1) throw new RangeError(`blocks are pasted into one image, not ${phi.shape[0]}`);
  const copies = blocks.length === 1 ? phi : tf.concat(blocks.map(() => phi));
  return pasteBlock(copies, masks, tf.tensor1d(blocks.map(({ intensity }) => intensity * sigma)));
}

type MapOptions = Required<Pick<AnswerOptions, 'refine' | 'fusionValue'>>;

/** What was computed on the way leaves the GPU at once. */
function anomalyMaps(model: AnomalyModel, input: tf.Tensor4D, options: MapOptions): AnomalyMaps {
  if (isDetector(model)) return { fused: tf.tidy(() => model.map(input)), normal: null, abnormal: null };
  return tf.tidy(() => branchMaps(model, input, options) as AnomalyMaps & tf.NamedTensorMap);
}

function imageScores(
  model: AnomalyModel,
  input: tf.Tensor4D,
  { raw, pixels, image }: ScoredMaps & { raw: tf.Tensor3D },
  { imageScore, imageShare }: Required<Pick<AnswerOptions, 'imageScore' | 'imageShare'>>,
): tf.Tensor1D {
  if (imageScore === 'top' || imageScore === 'quantile') {
    const flat = pixels.reshape<tf.Tensor2D>([pixels.shape[0], -1]);
    const count = Math.max(1, Math.round((imageShare / 100) * flat.shape[1]));
    const highest = tf.topk(flat, count).values;
    return imageScore === 'top' ? highest.mean<tf.Tensor1D>(1) : highest.min<tf.Tensor1D>(1);
  }
  if (isDetector(model) && model.imageScores) return model.imageScores(input, raw);
  return mapExtremes(imageScore === 'raw' ? raw : image)
    .slice([0, 1], [-1, 1])
    .reshape<tf.Tensor1D>([-1]);
}

function branchMaps(model: BiGrid, phi: tf.Tensor4D, options: MapOptions): AnomalyMaps {
  const branches = model.branches(phi);
  const normal = branches.normal && distanceMap(phi, branches.normal, false);
  const abnormal = branches.abnormal && abnormalScore(branches.abnormal);
  return { fused: fusedMap(model, phi, branches, options), normal, abnormal };
}

/** The abnormal grid alone answers with its channel 0 (METHOD section 6); every other method with a distance. */
function fusedMap(model: BiGrid, phi: tf.Tensor4D, branches: Branches, options: MapOptions): tf.Tensor3D {
  if (!branches.normal) return abnormalScore(branches.abnormal!);
  return distanceMap(phi, model.fuse(branches, options.fusionValue ?? undefined), options.refine);
}
