// What the interface and the command line may ask of the engine, and what it tells them. Two implementations:
// local.ts (in process) and client.ts (proxy of a worker). Only plain data and transferables cross here: no
// tensors, no DOM nodes.
import type { ShaderTime } from '../../lib/gpu/profiler';
import type { BackboneCost } from '../../lib/backbones/offers';
import type { ColormapName } from '../../lib/overlay/colormaps';
import type { ErrorReport } from '../../lib/errors';
import type { Notice } from '../../lib/images/notices';
import type { Orientation } from '../../lib/images/orientation';
import type { PixelRange } from '../../lib/images/pixelRange';
import type { Curves, PixelDetail, Resampled } from '../../lib/scoring/metrics/detail';
import type { Saturation } from '../../lib/scoring/metrics/saturation';
import type { Metrics, Summary, TypeMetrics } from '../../lib/scoring/metrics/summary';
import type { GraphInput, Precision } from '../../lib/onnx';
import type { Threshold } from '../../lib/scoring/metrics/threshold';
import type { Params } from '../../settings/table';

/** How maps become what is shown and scored (lib/scoring/answer.ts). */
export interface Scoring {
  smooth: Params['smooth'];
  refine: boolean;
  /** `max` unless given. */
  imageScore?: Params['imageScore'];
  /** In percent of the pixels; 1 unless given. */
  imageShare?: number;
}

export type ImageId = string;
/** Validation images are normal ones that serve the threshold: neither trained on nor counted by figures. */
export type Split = 'train' | 'validation' | 'test';
/** Where images go that are added by hand. */
export type Side = Exclude<Split, 'validation'>;
/** 0 normal, 1 anomalous, null unknown. */
export type Label = 0 | 1 | null;
export type MapKind = Params['map'];

/** What the adapter probe found, in words for the status line. */
export interface AdapterReport {
  vendor: string;
  architecture: string;
  description: string;
  /** True when the adapter computes on the CPU (SwiftShader, lavapipe, WARP). */
  software: boolean;
  /** What computes: a graphics adapter, or the processor itself where none can be used. */
  tier: 'gpu' | 'processor';
  /** True when the backbone alone runs on the processor itself (WebAssembly), where such an adapter is slower. */
  featuresOnProcessor: boolean;
  /** Speed of a 3x3 convolution measured in about 100 ms, in GFLOP/s. */
  gflops: number;
  suggestedPreset: Params['preset'];
  /** One sentence: why this preset. */
  reason: string;
}

/** An encoded file: its bytes, or where they can be read whenever they are needed (a user's file on the disk). */
export type Encoded = ArrayBuffer | Blob;

/** One image handed to the engine, still encoded. */
export interface ImageFile {
  id: ImageId;
  /** Path or file name, as shown to the user. */
  name: string;
  bytes: Encoded;
  split: Split;
  label: Label;
  /** Defect type in the data set's words; `good` for normal images. */
  type: string;
  /** Encoded ground-truth mask, if there is one. */
  mask?: Encoded;
  /** Its defects apart, where the set says from when on each counts as found whole: masks, and saturations by value. */
  regions?: DefectMasks;
}

export interface DefectMasks {
  masks: Encoded[];
  saturations: [value: number, Saturation][];
}

export interface AddReport {
  added: ImageId[];
  /** One line per refused file; the rest goes on. */
  refused: { id: ImageId; name: string; error: ErrorReport }[];
}

export interface FeatureReport {
  /** Shape of one image's feature map phi; of its pixels for a method that looks at them. */
  height: number;
  width: number;
  channels: number;
  /** Standard deviation over all elements of the training phi: FBP's unit. Null before training images exist. */
  sigma: number | null;
  /** For a method that looks at the pixels the one that is set; it is not used. */
  backbone: string;
  /** Where features are taken: `standard`, or stages and blocks with commas. */
  taps: string;
  parameters: number;
  /** SHA-256 of the backbone's weights; null without one. Said by `features` alone. */
  weights?: string | null;
  /** What samples of more than eight bits are spread over, `low:high`; null or absent where all have eight. */
  range?: string | null;
}

/** What a weights file turned out to be. */
export interface LoadedReport extends FeatureReport {
  backbone: string;
  /**
   * Other architectures whose tensors are the very same (EfficientNet's two paddings), when neither the file nor the
   * caller says which is meant.
   */
  alternatives: string[];
}

/** A backbone that can be chosen, what it costs, and where its weights are. */
export interface BackboneOffer extends BackboneCost {
  /** `here`: bundled or loaded; `kept`: of an earlier download; `hub`: to be downloaded; `file`: published nowhere. */
  source: 'here' | 'kept' | 'hub' | 'file';
}

/** Downloaded weights in the cache. */
export interface KeptWeights {
  /** With its tag. */
  id: string;
  bytes: number;
  /** Where it was fetched: `hub`, mirrors by their address, `pinned` for files that had the published digest. */
  from: string[];
}

export type Stage = 1 | 2;

interface StepsDone {
  /** Steps done and to do, over both stages or the whole fit. */
  step: number;
  steps: number;
  /** Remaining time in seconds, null until it can be estimated. */
  secondsLeft: number | null;
}

/** Where the training of the grids stands. */
export interface StageProgress extends StepsDone {
  stage: Stage;
  epoch: number;
  epochs: number;
  loss: number;
}

/** Where the fit of a baseline stands: one go, no stages. */
export interface FitProgress extends StepsDone {
  stage: null;
  /** What is being done, in a few words. */
  phase: string;
  /** Null for a method, or a phase of it, without one. */
  loss: number | null;
}

export type Progress = StageProgress | FitProgress;

export interface TrainReport {
  outcome: 'finished' | 'cancelled';
  /** How long it took; with what came before, for a run that went on from its checkpoint. */
  seconds: number;
  /** Milliseconds a stage took; 0 for a stage the method does not have. */
  stageMs: [number, number];
  /** Milliseconds the fit of a baseline took; absent for the grids. */
  fitMs?: number;
  losses: LossCurves;
  /** The learned w, or the fixed lambda; null for a method that fuses nothing. */
  fusionValue: number | null;
}

/** Losses of each stage; those of a baseline's fit under `fit`. */
export type LossCurves = Record<Stage, number[]> & { fit?: number[] };

/** A training that can be gone on with, by this engine or another. */
export interface TrainingCheckpoint {
  /** For `resumeTraining`. */
  file: ArrayBuffer;
  progress: StageProgress;
  losses: LossCurves;
}

/** A block on the image on screen; the brush gives its own cells. */
export interface Block {
  shape: Params['fbpShape'];
  size: number;
  /** In sigma. */
  intensity: number;
  /** Centre in feature-map cells. */
  x: number;
  y: number;
  seed: number;
  steps: number;
  /** Degrees clockwise about its middle; absent: not turned. */
  angle?: number;
  /** Cells (row * width + column) of the free brush. */
  cells?: number[];
}

/** Everything one live update depends on. */
export interface View extends Scoring {
  image: ImageId;
  map: MapKind;
  block: Block | null;
  /** w or lambda; null for the trained value. */
  fusionValue: number | null;
  /** Overlay: 0 to 1. */
  opacity: number;
  /** 0 to 1: how much more transparent low values are than high ones, so that the image shows through. Default 0. */
  fade?: number;
  /** The abnormal map is signed: the interface asks for the diverging table and a range around zero. */
  colormap: ColormapName;
  /** Ends of the colour scale; null: this image's own extremes. */
  range: [number, number] | null;
  /** Contour level in map units, null for none. */
  threshold: number | null;
}

/** What a live update answers. `superseded`: a newer view replaced it before it ran. */
export type Shown =
  | { superseded: true }
  | {
      superseded: false;
      /** Image score; null while there is no model. */
      score: number | null;
      /** Extremes of the map that was drawn; null when nothing could be drawn (no model yet). */
      extremes: [number, number] | null;
      /** Milliseconds from the call's arrival to the painted overlay. */
      ms: number;
      /** False when the fusion value is not the one the branches were trained with. */
      trained: boolean;
    };

/** Raw readings of all branches under the pointer, in map units; null for a branch that the method does not have. */
export interface PixelReading {
  fused: number;
  normal: number | null;
  abnormal: number | null;
}

/** A picture of feature vectors: their first three principal components as red, green and blue, row by row. */
export interface FeaturePicture {
  width: number;
  height: number;
  /** 3 bytes a place. */
  rgb: Uint8Array<ArrayBuffer>;
}

/** One grid with its decoder, as it stands. */
export interface InsideBranch {
  /** Rl x Rl, a place a cell. */
  local: FeaturePicture;
  /** Rg x Rg cells, each a small map; `cells` = Rg. */
  global: FeaturePicture & { cells: number };
  /** x_n or x_a; of the latter grey means that it adds nothing. */
  rebuilt: FeaturePicture;
}

/** The way of the features through the grids, [H, W] row by row. */
export interface InsideGrids {
  /** Where each pixel looks into the local tables: x and y in turn, in (-1, 1). */
  local: Float32Array<ArrayBuffer>;
  /** Where the whole image looks into the global ones. */
  global: [x: number, y: number];
  normal: InsideBranch | null;
  abnormal: InsideBranch | null;
  /** x_pre, sim and x_rec; null for the abnormal grid alone, which rebuilds nothing. */
  sum: { fused: FeaturePicture; similarity: Float32Array<ArrayBuffer>; refined: FeaturePicture } | null;
  /** w or lambda in force; null for a single grid. */
  fusion: { kind: Params['fusion']; value: number } | null;
}

/** What a method without grids compares: its input, and what it takes for normal there. */
export interface InsideComparison {
  seen: FeaturePicture;
  expected: FeaturePicture;
}

/** Feature vectors of one pixel, [C] each; null where the method has no such step. */
export interface InsideVectors {
  phi: Float32Array<ArrayBuffer>;
  /** x_n and x_a. */
  normal: Float32Array<ArrayBuffer> | null;
  abnormal: Float32Array<ArrayBuffer> | null;
  seen: Float32Array<ArrayBuffer> | null;
  expected: Float32Array<ArrayBuffer> | null;
}

/** The sum behind one pixel of the feature map. */
export interface InsideCell {
  /** row * width + column. */
  cell: number;
  vectors: InsideVectors;
  /** The method's map there, before it is enlarged and smoothed; null while no model answers. */
  value: number | null;
  /** Where the nearest remembered patch comes from (PatchCore); its image may be gone. */
  nearest: { image: ImageId; part: number; x: number; y: number } | null;
  /** The place's Gaussian (PaDiM): the pixel in standard deviations along its axes, and their lengths, longest first. */
  axes: { deviations: Float32Array<ArrayBuffer>; lengths: Float32Array<ArrayBuffer> } | null;
}

/** What to look into, and how. */
export type InsideRequest = Pick<View, 'image' | 'block' | 'fusionValue' | 'refine'> & {
  /** Which of the image's tiles, from 0; the last one when there are fewer. */
  part: number;
  /** Whose sum is wanted too. */
  cell: number | null;
};

/** The way from features to map for one image, in pictures and numbers. */
export interface Inside {
  /** Of the feature map, or of the pixels for a method that looks at them. */
  width: number;
  height: number;
  channels: number;
  part: number;
  parts: number;
  /** What the model sees of the image, pasted block included. */
  features: FeaturePicture;
  /** Null while no model answers; else one of both. */
  grids: InsideGrids | null;
  comparison: InsideComparison | null;
  /** The method's map [h, w] at its own resolution; null while no model answers. */
  map: MapData | null;
  cell: InsideCell | null;
  /** Milliseconds it took. */
  ms: number;
}

export interface ImageScore {
  id: ImageId;
  score: number;
}

export type { Metrics };

/** What the summary says of classes and of F1-max is absent in tables that were stored before it said so. */
export interface ScoreTable extends Partial<Pick<Summary, 'perClass' | 'classMean' | 'f1Threshold'>> {
  images: ImageScore[];
  metrics: Metrics;
  perType: Record<string, TypeMetrics>;
  /** Suggested decision line and where it comes from. */
  threshold: Threshold | null;
  /** Pixel figures come from so many of the test images that count for them, not from all: there were too many. */
  pixelImages?: { counted: number; of: number };
  /** Only when `scoreAll` was asked for resamples. */
  resampled?: Resampled;
  /** Only when `scoreAll` was asked for curves. */
  curves?: Curves;
  /** Only when `scoreAll` was asked for it; AUPIMO in the order of the test images, which come first in `images`. */
  pixelDetail?: PixelDetail;
  /** The same of each class of a set of several. */
  detailPerClass?: Record<string, PixelDetail>;
  /** Extremes over the whole data set, per map. */
  ranges: Record<Exclude<MapKind, 'mask'>, [number, number]>;
  msPerImage: number;
  /** What samples of more than eight bits were spread over; null where all have eight, absent in older tables. */
  pixelRange?: PixelRange | null;
  /** What is to be known of the set beside the figures. Absent in tables that were stored before it was said. */
  notices?: SetNotice[];
}

/** About several images of a set, or all of them. */
export interface SetNotice extends Notice {
  /** Names; empty for the set as a whole. */
  images: string[];
}

/** A map as numbers, on request only. */
export interface MapData {
  width: number;
  height: number;
  values: Float32Array<ArrayBuffer>;
}

/** Maps of the image shown last, at S x S; null for what the method does not have, or before the first picture. */
export interface Watched {
  image: ImageId | null;
  maps: Record<Exclude<MapKind, 'mask'>, MapData | null>;
  scores: ImageScore[];
}

/** The map of one image from a model that was set aside. */
export interface StashedMap {
  map: MapData | null;
  score: number | null;
  /** Why there is none: the model is not kept any more, or it knows other features than can be had now. */
  missing: 'model' | 'features' | null;
}

/** A block pasted into a normal image's features, and the score of the image with it. */
export interface PastedTrial {
  image: ImageId;
  block: Block;
  score: number;
}

export interface PastedScores {
  /** False when there are no normal test or validation images, and training images had to serve. */
  heldOut: boolean;
  /** `trials` for each size that fits on the map and each intensity. */
  trials: PastedTrial[];
}

/** A picture without a file, and how it is to be scored. */
export interface Frame extends Scoring {
  width: number;
  height: number;
  /** Eight-bit RGBA, row-major; alpha is not looked at. */
  pixels: ArrayBuffer;
  /** w or lambda; null for the trained value. */
  fusionValue: number | null;
}

export interface FrameScore {
  score: number;
  /** The fused map at S x S, smoothed. */
  map: MapData;
  /** Milliseconds from the call's arrival to the numbers. */
  ms: number;
}

/** How a model is to be taken away, and what its file says beside its arithmetic (docs/export.md). */
/** An ONNX file, and what it says of itself (docs/export.md). */
export interface ExportedModel {
  file: Blob;
  metadata: Record<string, string>;
}

export interface ExportRequest {
  precision: Precision;
  input: GraphInput;
  scoring: Pick<Params, 'smooth' | 'refine' | 'imageScore' | 'imageShare'>;
  /** Name and version of the program. */
  program: string;
  /** The settings that the model was trained with. */
  configuration: Params;
  threshold: Pick<Threshold, 'value' | 'source'> | null;
  /** Of the map's values over the data set, for display. */
  scale: readonly [number, number] | null;
}

export interface MemoryReport {
  gpuBytes: number;
  tensors: number;
  /** Bytes of feature maps in each tier, and the images whose maps found no room; not in the reports of a training. */
  features?: { gpu: number; memory: number; disk: number; recomputed: number };
}

/** The calls, one row each: what goes in, what comes back. */
export interface Calls {
  /**
   * Finds what to compute on and measures it: the adapter, or the processor where there is none. Throws WebGpuMissing,
   * AdapterMissing or LimitsTooLow where that does not serve either.
   */
  open: {
    in: {
      probe: boolean;
      /** Where bundled files lie; the client fills it in. */
      baseUrl?: string;
      /** No adapter is asked for, since the one there is was lost again and again. */
      without?: 'gpu';
      /** The Hub or a mirror: of kept weights only its own are taken, and those whose digest is known. */
      hub?: string;
    };
    out: AdapterReport;
  };
  /** Takes the whole parameter table; features are computed anew when their parameters changed. */
  configure: { in: Params; out: FeatureReport };
  /** Weights from a file: replaces the backbone, or throws and keeps the present one. */
  loadBackbone: {
    in: {
      name: string;
      bytes: ArrayBuffer;
      /** Architecture to take it for. */
      as?: string;
      /** Features to come, where the file need not hold more; default: those in force. */
      taps?: string;
    };
    out: LoadedReport;
  };
  /** Fetches published weights from the Hub or a mirror of it, keeps them, makes them the backbone; else throws and keeps the present one. */
  downloadBackbone: {
    in: { id: string; hub?: string; /** Features to come: nothing deeper is fetched. */ taps?: string };
    out: FeatureReport;
  };
  /** Ends a download; it throws DownloadCancelled. */
  cancelDownload: { in: void; out: void };
  /** The family with its costs at an input size and with these taps, `wanted` among it if it is known. Fetches nothing. */
  backboneOffers: {
    in: { inputSize: number; wanted: string | null; taps?: string; /** As in `open`. */ hub?: string };
    out: BackboneOffer[];
  };
  cachedWeights: { in: void; out: KeptWeights[] };
  clearWeights: { in: void; out: void };
  /** Decodes and keeps images; features follow in the background. */
  addImages: { in: ImageFile[]; out: AddReport };
  removeImages: { in: ImageId[]; out: void };
  /** Corrects the label of images already there; metrics follow at the next `scoreAll`. */
  labelImages: { in: { ids: ImageId[]; label: Label; type: string }; out: void };
  /**
   * Gives an image another mask, or none, and with it a label; pixel figures follow at the next `scoreAll`. What the
   * reader should know comes back. @throws the decoder's errors, MaskSizeMismatch, UnknownImage; the mask it had stays
   */
  setMask: {
    in: { id: ImageId; /** Encoded. */ mask: Encoded | null; label: Label; type: string };
    out: Notice[];
  };
  /** An image as it is read here, as a PNG of at most 2048 pixels a side, for files that browsers do not show so. */
  picture: { in: ImageId; out: Blob };
  /** Resolves when features of all images are there. */
  features: { in: void; out: FeatureReport };
  /** Both stages, or a baseline's fit; resolves when finished or cancelled. A second call while one runs throws AlreadyTraining. */
  train: { in: void; out: TrainReport };
  /**
   * Goes on with a training from its checkpoint, to the same model on the same adapter. The settings, the backbone and
   * the training images must be those it began with: else CheckpointMisfit.
   */
  resumeTraining: { in: ArrayBuffer; out: TrainReport };
  /** The run under way as it stands between two steps; null when none is, or it is a fit in one go. */
  checkpoint: { in: void; out: TrainingCheckpoint | null };
  pause: { in: void; out: void };
  resume: { in: void; out: void };
  /** Runs exactly one optimiser step of a paused training (starts one, paused, if none runs). */
  step: { in: void; out: void };
  cancel: { in: void; out: void };
  /** The model as a safetensors file: its parameters and statistics, and metadata. */
  saveModel: { in: void; out: ArrayBuffer };
  loadModel: { in: ArrayBuffer; out: void };
  /**
   * A model's file as an ONNX file for other programs; the model in use stays.
   * @throws NotExportable, ModelTooLarge, BadModelFile, BackboneNotHere
   */
  exportOnnx: { in: ExportRequest & { model: ArrayBuffer }; out: ExportedModel };
  /** The canvas the overlay is drawn on, straight from the map's GPU buffer. */
  attachCanvas: { in: OffscreenCanvas; out: void };
  show: { in: View; out: Shown };
  /**
   * What there is to see of a training, cheaply: all maps behind the last picture, which are there anyway, and the scores
   * of a few images by the model as far as it has learned. Images in tiles, or without features yet, get no score.
   */
  watch: { in: Scoring & { images: ImageId[] }; out: Watched };
  /** Position in [0, 1) from the left and top of the image last shown. */
  readPixel: { in: { x: number; y: number }; out: PixelReading | null };
  /**
   * The image last shown is shown again with every kernel timed: by shader, the slowest first; null before the first.
   * @throws TimestampsMissing, on the processor too
   */
  profileShow: { in: void; out: ShaderTime[] | null };
  /**
   * The way of an image's features through the model, for the inside view. @throws UnknownImage, GpuFault,
   * NoFeaturesToPaste
   */
  showInside: { in: InsideRequest; out: Inside };
  /** The sum behind one pixel (row * width + column) of what was looked into last; null before the first. */
  readInside: { in: number; out: InsideCell | null };
  scoreAll: {
    in: Scoring & {
      /** What was found before of the same images, by this model in the same way, need not be computed again. */
      reuse?: boolean;
      /** How many bootstrap resamples to draw; the draws depend on the images alone, so that methods can be paired. */
      resamples?: number;
      curves?: boolean;
      /** Defects are black on white in the masks. Default: as configured. */
      invertMasks?: boolean;
      /** All pixels of an anomalous image whose mask marks nothing count as normal, instead of none. Default: no. */
      emptyMasks?: boolean;
      /** Where pixel figures are taken: at the size of the maps (default), or of each mask. */
      metricsAt?: Params['metricsAt'];
      /** Further figures over pixels; `saturation`: from when on sPRO takes a region for found whole, null: as the set says. */
      pixelDetail?: { saturation: Saturation | null };
    };
    out: ScoreTable;
  };
  /** Scores a picture that is kept nowhere, as a camera's frame. Not to be asked again before it has answered. */
  scoreFrame: { in: Frame; out: FrameScore };
  /** The S x S map as it is scored and drawn: the fused one smoothed. */
  readMap: {
    in: Scoring & { image: ImageId; map: Exclude<MapKind, 'mask'> };
    out: MapData;
  };
  /**
   * Sets the model in use aside under a name, for `readStashed`; it stays in use. Room for them is bounded: the oldest go.
   * The answer is its file, for `keepStashed`.
   */
  stashModel: { in: string; out: Blob };
  /** Sets a model aside that another engine had. */
  keepStashed: { in: { name: string; file: Blob }; out: void };
  dropStashed: { in: string[]; out: void };
  /** The fused S x S map of one image from several models that were set aside, in their order. */
  readStashed: {
    in: Scoring & { image: ImageId; models: string[] };
    out: StashedMap[];
  };
  /** Scores of normal images with blocks pasted at random places. Tells its progress as `pasted`. */
  pasteBlocks: {
    in: Scoring & {
      /** B, half widths in cells; those that do not fit are left out. */
      sizes: number[];
      /** I, in sigma. */
      intensities: number[];
      /** Of each size and intensity. */
      trials: number;
      seed: number;
    };
    out: PastedScores;
  };
  memory: { in: void; out: MemoryReport };
  close: { in: void; out: void };
}

export type { ShaderTime };

export type EngineEvent =
  | {
      kind: 'decoded';
      id: ImageId;
      /** As stored, orientation applied. */
      width: number;
      height: number;
      /** How the stored pixels were turned for that. */
      orientation: Orientation;
      thumbnail: ImageBitmap | null;
      /** Whether a browser shows the file as it is read here; where not, ask for its `picture`. */
      showable: boolean;
      /** What the reader should know, e.g. that only the first frame was taken. */
      notices: Notice[];
    }
  | { kind: 'features'; done: number; total: number }
  /** Bytes over the network; the total is null until the file's header is here. */
  | {
      kind: 'download';
      id: string;
      phase: 'header' | 'tensors' | 'check' | 'upload' | 'warm-up';
      doneBytes: number;
      totalBytes: number | null;
    }
  /** Something did not go as wished, and the work goes on all the same. */
  | { kind: 'notice'; error: ErrorReport }
  | { kind: 'progress'; progress: Progress; memory: MemoryReport }
  | { kind: 'scored'; done: number; total: number }
  | { kind: 'pasted'; done: number; total: number }
  /** A training ended, however it was started (train or step). */
  | { kind: 'trained'; report: TrainReport }
  | { kind: 'fault'; error: ErrorReport }
  /**
   * The device was lost; `recovered` says whether a new one carries on from the last checkpoint. Without one, or when the
   * thread that computes has ended, every call throws EngineLost from here on.
   */
  /** `recent`: losses of the device within ten minutes, this one among them; 0 when it is the thread that ended. */
  | { kind: 'lost'; reason: string; recovered: boolean; recent: number }
  /** The thread that computes has not answered for a while, be it at work or stuck; or, after that, answers again. */
  | { kind: 'silence'; silent: boolean };

/** One method per call, plus the stream of events. */
export type Engine = {
  [K in keyof Calls]: (input: Calls[K]['in']) => Promise<Calls[K]['out']>;
} & {
  /** Listens to events; returns the function that stops listening. */
  subscribe(listener: (event: EngineEvent) => void): () => void;
};

/** What one part of the engine offers: some of its calls. */
export type EngineCalls<K extends keyof Calls> = Pick<Engine, K>;
