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
import { partsOf, type MapLayout } from '../framing';
import { tf } from '../gpu/tf';
import { distanceMap } from '../kernels/maps/distanceMap';
import { mapMaxima } from '../kernels/maps/mapExtremes';
import { nonFinite } from '../kernels/maps/nonFinite';
import { pasteBlock } from '../kernels/maps/pasteBlock';
import { scoreMaps, type ScoredMaps, type Smoothing } from '../kernels/maps/smoothMap';
import { isDetector, type Detector } from '../methods/detector';
import type { BiGrid } from '../methods/grad/biGrid';
import { blockMask, type PlacedBlock } from '../methods/grad/blocks';
import { fusedMap } from '../methods/grad/fusedMap';
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
  /**
   * S: side of the maps that are scored and shown, in pixels; an integer >= 1. Or how the inputs' maps lie on the image's,
   * for one that is not square, padded, or cut into parts.
   */
  size: number | MapLayout;
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
  /** Channel 0 of x_a, signed: after stage 1 positive means "looks pasted"; a branch that stage 2 trains on forgets that. */
  abnormal: tf.Tensor3D | null;
}

/** Tensors, owned by the caller; tf.tidy and tf.dispose take the whole. B images, or as many as there are blocks. */
export interface Answer {
  maps: AnomalyMaps;
  /** [B, S, S], or as the layout says: the fused map enlarged and smoothed, as it is scored and shown. */
  scored: tf.Tensor3D;
  /** [B]: as `imageScore` says; the maximum is that of the scored map (of CRAD's further pool). */
  scores: tf.Tensor1D;
  /** [B, H, W], 0 or 1: the cells that were pasted on; null without blocks. */
  mask: tf.Tensor3D | null;
  /** [B, COUNTS]: values of the adapted input and of the maps that are NaN or infinite, for withFiniteCheck(). */
  nonFinite: tf.Tensor2D;
}

/** What the method says of inputs, before anything is scored. Tensors, owned by the caller. */
export interface Looked {
  maps: AnomalyMaps;
  /** [B]: the method's own image scores, where it defines them and they were asked for; else null. */
  own: tf.Tensor1D | null;
  /** [B, H, W], 0 or 1: the cells that were pasted on; null without blocks. */
  mask: tf.Tensor3D | null;
  /** [B, COUNTS], see Answer. */
  nonFinite: tf.Tensor2D;
}

export type LookOptions = Pick<AnswerOptions, 'refine' | 'fusionValue' | 'blocks' | 'imageScore'> & {
  /** In place of `blocks`: the cells [B, H, W] of every input to paste on, and how strongly, in sigma. */
  paste?: { cells: tf.Tensor3D; strengths: readonly number[] };
};
export type JudgeOptions = Pick<AnswerOptions, 'size' | 'smooth' | 'imageScore' | 'imageShare'>;

/**
 * What a model says of inputs.
 * @param phi [B, H, W, C]: features as the backbone gives them, or pixels in 0..1 for a method that looks at those; stays
 * the caller's. With a layout of several parts: all parts of one image, row by row
 * @throws RangeError for blocks and more than one image; LimitsTooLow; TooManyTiles
 */
export function answer(model: AnsweringModel, phi: tf.Tensor4D, options: AnswerOptions): Answer {
  return tf.tidy(() => judge(look(model, phi, options), options) as Answer & tf.NamedTensorMap);
}

/**
 * The first half of answer(): the method's maps and its own scores. An image that is cut into many parts is looked at a
 * few parts at a time; joined() puts them together.
 */
export function look(
  { model, statistics }: AnsweringModel,
  phi: tf.Tensor4D,
  { refine, fusionValue = null, blocks = [], paste, imageScore = 'max' }: LookOptions,
): Looked {
  const [inputs] = phi.shape;
  if (blocks.length > 0 && inputs !== 1)
    throw new RangeError(`blocks are pasted into one image, not ${inputs}`);
  return tf.tidy(() => {
    const mask = blocks.length > 0 ? blockMasks(blocks, phi) : null;
    const strengths = blocks.map(({ intensity }) => intensity);
    const input = modelInput(statistics, phi, paste ?? (mask && { cells: mask, strengths }));
    const maps = anomalyMaps(model, input, { refine, fusionValue });
    const own = isDetector(model) && ['max', 'raw'].includes(imageScore) && model.imageScores;
    return {
      maps,
      own: own ? own.call(model, input, maps.fused) : null,
      mask,
      nonFinite: nonFinite(input, ...[maps.fused, maps.normal, maps.abnormal].filter((map) => map !== null)),
      // Tensors and nulls: tidy keeps the tensors and passes over the nulls.
    } as Looked & tf.NamedTensorMap;
  });
}

/** What was said of several parts, in their order. The caller still owns the parts. */
export function joined(parts: readonly Looked[]): Looked {
  const all = <T extends tf.Tensor>(of: (part: Looked) => T | null): T | null => {
    const tensors = parts.map(of).filter((tensor) => tensor !== null);
    return tensors.length === parts.length ? (tf.concat(tensors) as T) : null;
  };
  return {
    maps: {
      fused: all(({ maps }) => maps.fused)!,
      normal: all(({ maps }) => maps.normal),
      abnormal: all(({ maps }) => maps.abnormal),
    },
    own: all(({ own }) => own),
    mask: all(({ mask }) => mask),
    nonFinite: all((part) => part.nonFinite)!,
  };
}

/**
 * The second half of answer(): the maps brought onto the image, smoothed and scored. With a layout of several parts, what
 * was looked at are the parts of one image, and the answer is that image's: its own score is the largest of its parts'.
 * @throws TooManyTiles
 */
export function judge(
  looked: Looked,
  { size, smooth, imageScore = 'max', imageShare = 1 }: JudgeOptions,
): Answer {
  return tf.tidy(() => {
    const { maps, mask } = looked;
    const whole = typeof size === 'number' || partsOf(size) === 1;
    const own = looked.own && !whole ? looked.own.max<tf.Tensor1D>(0, true) : looked.own;
    const raw = whole ? maps.fused : maps.fused.reshape<tf.Tensor3D>([1, -1, maps.fused.shape[2]]);
    const { pixels, image } = scoreMaps(maps.fused, size, smooth);
    // Handles of their own: what was looked at may be given up before the answer is.
    const { fused, normal, abnormal } = maps;
    return {
      maps: { fused: fused.clone(), normal: normal?.clone() ?? null, abnormal: abnormal?.clone() ?? null },
      scored: pixels,
      scores: imageScores({ own, raw, pixels, image }, { imageScore, imageShare }),
      mask: mask?.clone() ?? null,
      nonFinite: whole ? looked.nonFinite.clone() : looked.nonFinite.sum<tf.Tensor2D>(0, true),
    } as Answer & tf.NamedTensorMap;
  });
}

/**
 * A branch's map [B, h, w] as it is shown: [B, S, S] or as the layout says, bilinear, not smoothed. The caller disposes it.
 */
export const enlarge = (map: tf.Tensor3D, size: number | MapLayout): tf.Tensor3D =>
  scoreMaps(map, size, 'none').pixels;

/** Masks [n, H, W] of blocks on maps like phi [B, H, W, C]. The caller disposes them. */
export function blockMasks(blocks: readonly PlacedBlock[], phi: tf.Tensor4D): tf.Tensor3D {
  const [, height, width] = phi.shape;
  const cells = new Float32Array(blocks.length * height * width);
  blocks.forEach((block, i) => cells.set(blockMask(block, height, width), i * height * width));
  return tf.tensor3d(cells, [blocks.length, height, width]);
}

/**
 * What the method itself sees of phi [B, H, W, C]: adapted to the model, with the paste of LookOptions, if any. The caller
 * disposes it.
 */
export function modelInput(
  statistics: Statistics,
  phi: tf.Tensor4D,
  paste: LookOptions['paste'] | null,
): tf.Tensor4D {
  return tf.tidy(() => {
    const adapted = adaptFeatures(phi, statistics);
    return paste ? pasted(adapted, paste.cells, paste.strengths, statistics.sigma) : adapted;
  });
}

function pasted(
  phi: tf.Tensor4D,
  masks: tf.Tensor3D,
  intensities: readonly number[],
  sigma: number,
): tf.Tensor4D {
  const copies = phi.shape[0] === intensities.length ? phi : tf.concat(intensities.map(() => phi));
  const strengths = intensities.map((intensity) => intensity * sigma);
  return pasteBlock(copies, masks, strengths);
}

type MapOptions = Required<Pick<AnswerOptions, 'refine' | 'fusionValue'>>;

/** What was computed on the way leaves the GPU at once. */
function anomalyMaps(model: AnomalyModel, input: tf.Tensor4D, options: MapOptions): AnomalyMaps {
  if (isDetector(model)) return { fused: tf.tidy(() => model.map(input)), normal: null, abnormal: null };
  return tf.tidy(() => branchMaps(model, input, options) as AnomalyMaps & tf.NamedTensorMap);
}

function imageScores(
  { own, raw, pixels, image }: ScoredMaps & { own: tf.Tensor1D | null; raw: tf.Tensor3D },
  { imageScore, imageShare }: Required<Pick<AnswerOptions, 'imageScore' | 'imageShare'>>,
): tf.Tensor1D {
  if (imageScore === 'top' || imageScore === 'quantile') {
    const flat = pixels.reshape<tf.Tensor2D>([pixels.shape[0], -1]);
    const count = Math.max(1, Math.round((imageShare / 100) * flat.shape[1]));
    const highest = tf.topk(flat, count).values;
    return imageScore === 'top' ? highest.mean<tf.Tensor1D>(1) : highest.min<tf.Tensor1D>(1);
  }
  if (own) return own.clone();
  return mapMaxima(imageScore === 'raw' ? raw : image);
}

function branchMaps(model: BiGrid, phi: tf.Tensor4D, options: MapOptions): AnomalyMaps {
  const branches = model.branches(phi);
  const { normal: first, abnormal: second } = branches;
  if (first && second && !model.config.gate) {
    const how = { refine: options.refine, value: options.fusionValue ?? undefined };
    return model.maps(phi, { normal: first, abnormal: second }, how);
  }
  const normal = branches.normal && distanceMap(phi, branches.normal, false);
  const abnormal = branches.abnormal && abnormalScore(branches.abnormal);
  return { fused: fusedMap(model, phi, branches, options), normal, abnormal };
}
