// What a rival method is to the rest of the program: something fitted to the training features once, which then
// answers a feature map with an anomaly map. One file (or folder) a method beside this one; registry.ts lists them.
// GRAD and its single grids are trained by ../trainer.ts instead; nothing here knows the engine or the page.
import type { tf } from '../gpu/tf';
import type { WritableTensor } from '../formats/safetensors';
import type { RivalId } from '../../settings/methods';
import type { Params } from '../../settings/table';
import type { TrainControl } from '../nn/control';
import type { FeatureSource } from './grad/trainer';

/** Names as in the parameter table and on the command line. */
export type { RivalId };

/** Shape of one image's input: phi, or the pixels for a method that looks at them. */
export interface InputShape {
  height: number;
  width: number;
  channels: number;
}

/** How far a fit has come; a method with several phases counts their steps together. */
export interface FitProgress {
  /** What is being done, for the status line: "coreset", "epoch 3 of 20". */
  phase: string;
  step: number;
  steps: number;
  /** Losses read since the last report, oldest first; empty for a method without one. */
  losses: number[];
}

/** Everything a fit may use. */
export interface FitContext {
  /** Training inputs [n, H, W, C]; the fit disposes every batch it takes. */
  source: FeatureSource;
  shape: InputShape;
  /** Standard deviation over all elements of the training inputs. */
  sigma: number;
  params: Params;
  /** Obeyed between steps: `await control.next(save)` says whether the next step may run. */
  control: TrainControl;
  report(progress: FitProgress): void;
}

/** What `Detector.config` may hold: enough, with the tensors, to build the detector again. */
export type DetectorConfig = Record<string, number | string | boolean | number[]>;

export interface Detector {
  readonly method: RivalId;
  readonly config: DetectorConfig;
  /** Inputs [B, H, W, C] -> anomaly maps [B, h, w], larger = more anomalous; the caller disposes them. */
  map(input: tf.Tensor4D): tf.Tensor3D;
  /**
   * Image scores [B], where the method defines its own (PatchCore's re-weighted distance). Absent: the maximum of
   * the enlarged, smoothed map, as for GRAD (METHOD section 6).
   */
  imageScores?(input: tf.Tensor4D, maps: tf.Tensor3D): tf.Tensor1D;
  /** Parameters and statistics by name. */
  tensors(): Promise<Record<string, WritableTensor>>;
  dispose(): void;
}

/** Whether a model is a rival's: the grids have no `map` of their own. */
export const isDetector = (model: object): model is Detector => 'map' in model && 'method' in model;

/** A method: how it is fitted and how it comes back from a file. */
export interface MethodDefinition {
  id: RivalId;
  /** What it looks at: feature maps of the backbone, or the image itself (RGB in 0..1, [B, S, S, 3]). */
  input: 'features' | 'pixels';
  /** @returns the fitted detector; null when it was cancelled. @throws NothingToTrain, TrainingDiverged, GpuFault */
  fit(context: FitContext): Promise<Detector | null>;
  /** From a checked file: every number finite. @throws BadModelFile when config and tensors do not fit each other */
  restore(config: DetectorConfig, tensors: ReadonlyMap<string, StoredTensor>): Detector;
}

/** A float32 tensor as a file gives it. */
export interface StoredTensor {
  shape: readonly number[];
  data: Float32Array;
}
