// Backbones as the rest of the engine sees them: an id and weights in, an object that turns images into feature
// maps out. Weights come from a file, the bundle or the Hub; here they are already in memory.
import type { StoredTensor } from '../formats/safetensors';
import { onProcessor } from '../gpu/processor';
import { tf } from '../gpu/tf';
import { costOf, type Cost } from './cost';
import { digestOf, digestOfTensor } from './digest';
import { NanWeights, WrongShape } from './errors';
import { alignFeatures } from './features';
import { normalisationOf, parseBackboneId, type Normalisation } from './hubTable';
import { assertArchitecture } from './identify';
import { Network } from './network';
import { imagesAtOnce, inChunks } from './batchChunks';
import { cellsAlong, channelsOf, embeddingOf, strideOf, type Plan } from './plan';
import { patchGrid } from './vit/patches';
import { VisionTransformer } from './vit/network';
import { defaultTaps, planOf } from './table';
import { STANDARD_TAPS, tapsText } from './taps';

export { alignFeatures } from './features';

export interface BackboneOptions {
  /** Stages or blocks whose features are used, the finest first; default: stride 8 and stride 16. */
  taps?: readonly string[];
  /** Input statistics; default: those of the published weights the id means, else ImageNet's. */
  normalisation?: Normalisation;
  /** Runs on tfjs's wasm backend, which must have been started (gpu/processor.ts), whatever the current one is. */
  onProcessor?: boolean;
}

export interface Backbone extends Normalisation {
  /** As given: an architecture, or an architecture with the tag of published weights. */
  readonly id: string;
  readonly architecture: string;
  readonly taps: readonly string[];
  /** The taps as settings name them: `standard`, or their names with commas. */
  readonly tapsText: string;
  /** Tells weights apart that bear the same id; over the tensors of the network that are in use. */
  readonly digest: string;
  /** Its tensors are the wasm backend's. `extractFeatures` sees to it; whoever calls `phi` itself calls it there. */
  readonly onProcessor: boolean;
  /** The same of Q, which belongs to the features only where they are projected; null without. */
  readonly projectionDigest: string | null;
  /** Channels of each tap. */
  readonly tapChannels: readonly number[];
  /** Channels of the aligned map phi. */
  readonly channels: number;
  /** Input pixels per cell of phi, per side. */
  readonly stride: number;
  /** Side of a transformer's patches in pixels: other sizes are resized to the nearest multiple; null for other networks. */
  readonly patch: number | null;
  /** Trainable numbers up to the deepest tap. */
  readonly parameters: number;
  /** Q [C, K], when the file brings one for these taps: phi * Q is the short form of phi. */
  readonly projection: tf.Tensor2D | null;
  /** Cells of phi for an image of height x width pixels. @throws TooManyTokens */
  grid(height: number, width: number): { height: number; width: number };
  /** Parameters, multiply-adds and bytes for images of `size` pixels per side. */
  cost(size: number): Cost;
  /** One map per tap. @param image [B, H, W, 3], normalised; stays the caller's. @throws TooManyTokens */
  featureMaps(image: tf.Tensor4D): tf.Tensor4D[];
  /** The aligned map phi [B, H / stride, W / stride, channels]. @throws TooManyTokens */
  phi(image: tf.Tensor4D): tf.Tensor4D;
  /** Runs once on zeros of the size to come, so that shaders are compiled before someone waits for an image. */
  warmUp(size: number, batch?: number): Promise<void>;
  dispose(): void;
}

/**
 * Checks weights, folds them, uploads them.
 * @param id architecture, optionally with a published tag: `tf_efficientnet_b6.ap_in1k`.
 * @param weights tensors by timm's names, as readSafetensors gives them; tensors beyond those needed are ignored.
 * @throws UnknownBackbone, UnknownTag, UnknownTap, WrongArchitecture, MissingTensor, WrongShape, NanWeights;
 * nothing stays on the GPU then.
 */
export function createBackbone(
  id: string,
  weights: ReadonlyMap<string, StoredTensor>,
  options: BackboneOptions = {},
): Backbone {
  const { architecture } = parseBackboneId(id);
  const taps = options.taps ?? defaultTaps(architecture);
  const plan = planOf(architecture, taps);
  const normalisation = options.normalisation ?? normalisationOf(id);
  assertArchitecture(architecture, weights, plan);
  const tapChannels = taps.map((tap) => channelsOf(plan, tap));
  const channels = tapChannels.reduce((sum, count) => sum + count, 0);
  const text = tapsText(architecture, taps.join(','));
  const q = readProjection(id, channels, text === STANDARD_TAPS, weights);
  const place = options.onProcessor ? onProcessor : <T>(compute: () => T) => compute();
  const { network, projection } = place(() => ({
    network: loadNetwork(id, plan, weights),
    projection: q && tf.keep(tf.tensor2d(q.values, q.shape)),
  }));
  const digests = { digest: digestOf(plan, weights), projectionDigest: q?.digest ?? null };
  const names = {
    id,
    architecture,
    taps,
    tapsText: text,
    ...digests,
    onProcessor: options.onProcessor ?? false,
  };
  const description = { ...names, tapChannels, channels, projection, ...normalisation };
  const { parameters } = costOf(plan, 0);
  const featureMaps = (image: tf.Tensor4D) =>
    inChunks(image, imagesAtOnce(plan, image.shape[1], image.shape[2]), (piece) => network.run(piece, taps));
  const phi = (image: tf.Tensor4D) => alignedMap(featureMaps(image));
  return {
    ...description,
    stride: strideOf(plan, taps[0]!),
    patch: embeddingOf(plan)?.stride ?? null,
    grid(height, width) {
      const embedding = embeddingOf(plan);
      if (embedding) return patchGrid(id, embedding, height, width);
      const cells = (pixels: number) => cellsAlong(plan, taps[0]!, pixels);
      return { height: cells(height), width: cells(width) };
    },
    parameters,
    cost: (size) => costOf(plan, size),
    featureMaps,
    phi,
    async warmUp(size, batch = 1) {
      const element = place(() => onZeros(phi, size, batch));
      await element.data();
      element.dispose();
    },
    dispose() {
      network.dispose();
      projection?.dispose();
    },
  };
}

const loadNetwork = (id: string, plan: Plan, weights: ReadonlyMap<string, StoredTensor>) =>
  (embeddingOf(plan) ? VisionTransformer : Network).load(id, plan, weights);

/** Aligns and releases the maps it was given. */
function alignedMap(maps: tf.Tensor4D[]): tf.Tensor4D {
  const [first, ...rest] = maps as [tf.Tensor4D, ...tf.Tensor4D[]];
  const phi = alignFeatures(first, ...rest);
  tf.dispose(maps);
  return phi;
}

/** @returns one element of what it computed, enough to wait for all of it */
function onZeros(phi: (image: tf.Tensor4D) => tf.Tensor4D, size: number, batch: number): tf.Tensor4D {
  return tf.tidy(() => {
    const map = phi(tf.zeros<tf.Rank.R4>([batch, size, size, 3]));
    return map.slice([0, 0, 0, 0], [1, 1, 1, 1]);
  });
}

/** A file's own projection belongs to the default taps; with others there is none. */
export function readProjection(
  id: string,
  channels: number,
  defaultTapsUsed: boolean,
  weights: ReadonlyMap<string, StoredTensor>,
): { values: Float32Array; shape: [number, number]; digest: string } | null {
  const stored = weights.get('projection');
  if (!stored || !defaultTapsUsed) return null;
  const [rows, columns] = stored.shape;
  if (stored.shape.length !== 2 || rows !== channels || !columns) {
    throw new WrongShape(id, 'projection', stored.shape, [channels, columns ?? 1]);
  }
  const values = Float32Array.from(stored.data);
  if (!values.every(Number.isFinite)) throw new NanWeights(id, 'projection');
  return { values, shape: [rows, columns], digest: digestOfTensor(stored) };
}
