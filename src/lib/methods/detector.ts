// What a baseline is to the rest of the program: something fitted to the training inputs once, which then answers an
// input with an anomaly map. One folder a method beside this file; list.ts lists them. GRAD and its single grids are
// trained by grad/trainer.ts instead; nothing here knows the engine or the page.
import type { WritableTensor } from '../formats/safetensors';
import type { tf } from '../gpu/tf';
import type { FitWork } from '../nn/fit';
import type { MethodAbout } from './about';

/** Shape of one image's input: phi, or the pixels for a method that looks at them. */
export interface InputShape {
  height: number;
  width: number;
  channels: number;
}

/** Everything a fit may use. @template O the method's options */
export interface FitContext<O = unknown> extends FitWork {
  shape: InputShape;
  /** Standard deviation over all elements of the training inputs. */
  sigma: number;
  options: O;
}

/** What `Detector.config` may hold: enough, with the tensors, to build the detector again. */
export type DetectorConfig = Readonly<Record<string, number | string | boolean | number[]>>;

export interface Detector {
  /** Id of its method. */
  readonly method: string;
  readonly config: DetectorConfig;
  /** Inputs [B, H, W, C] -> anomaly maps [B, h, w], larger = more anomalous; the caller disposes them. */
  map(input: tf.Tensor4D): tf.Tensor3D;
  /**
   * Image scores [B], where the method defines its own (PatchCore's re-weighted distance). Absent: the maximum of
   * the enlarged, smoothed map, as for GRAD (METHOD section 6).
   */
  imageScores?(input: tf.Tensor4D, maps: tf.Tensor3D): tf.Tensor1D;
  /** What it compares with what, for whoever wants to look inside. Absent: there is nothing of the input's shape. */
  comparison?(input: tf.Tensor4D): Comparison;
  /** PatchCore: the patches [B * H * W, C] that training on these inputs would choose from; the caller disposes them. */
  patches?(input: tf.Tensor4D): tf.Tensor2D;
  /** PaDiM: one input at a place (row * width + column), along the axes of the Gaussian there. */
  gaussianAxes?(input: tf.Tensor4D, place: number): Promise<GaussianAxes | null>;
  /** How many images it was fitted on, where it can be asked without one of them. */
  readonly references?: number;
  /**
   * What it would be had it not been fitted on the n-th of its images, for scoring that one; null where nothing would be left.
   * The caller disposes it. Absent: images it was fitted on are scored like any other.
   */
  without?(image: number): Detector | null;
  /** Parameters and statistics by name. */
  tensors(): Promise<Record<string, WritableTensor>>;
  dispose(): void;
}

/** Both [B, h, w, C], C as the input has; the caller disposes them. */
export interface Comparison {
  /** The input as the method sees it. */
  seen: tf.Tensor4D;
  /** What it takes for normal there: rebuilt, remembered, or a mean. */
  expected: tf.Tensor4D;
}

/** A place's Gaussian along its principal axes, the longest first. The squares of the deviations sum up to the map's square. */
export interface GaussianAxes {
  /** In standard deviations. */
  deviations: Float32Array<ArrayBuffer>;
  /** Standard deviations, in the features' unit. */
  lengths: Float32Array<ArrayBuffer>;
}

/** Whether a model is a baseline's: the grids have no `map` of their own. */
export const isDetector = (model: object): model is Detector => 'map' in model && 'method' in model;

/** A method: how it is fitted and how it comes back from a file. @template O its options */
export interface MethodDefinition<O = unknown> {
  about: MethodAbout;
  /** Its options from the values of its rows (`about.rows`), whatever else is among them. */
  optionsFrom(values: unknown): O;
  /** @returns the fitted detector; null when it was cancelled. @throws NothingToTrain, TrainingDiverged, GpuFault */
  fit(context: FitContext<O>): Promise<Detector | null>;
  /** From a checked file: every number finite. @throws BadModelFile when config and tensors do not fit each other */
  restore(config: DetectorConfig, tensors: ReadonlyMap<string, StoredTensor>): Detector;
}

/** The definition, its types checked: `optionsFrom` may name the rows whose values it takes. */
export const defineMethod = <V, O>(
  method: Omit<MethodDefinition<O>, 'optionsFrom'> & { optionsFrom(values: V): O },
): MethodDefinition<O> => method as MethodDefinition<O>;

/** A float32 tensor as a file gives it. */
export interface StoredTensor {
  shape: readonly number[];
  data: Float32Array;
}
