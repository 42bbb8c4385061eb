// What the program does with a GPU, phase by phase, on a device that counts: steps of training, one live update, features,
// one camera frame, scores of a batch. Models and networks are all zeros; what would be computed with them plays no part.
import { readSafetensors, storedTensor, type StoredTensor } from '../../../lib/formats/safetensors';
import { cutOf, layoutOf, squashed, type MapLayout } from '../../../lib/framing';
import { startBackend } from '../../../lib/gpu/backend';
import { tf } from '../../../lib/gpu/tf';
import { OverlayRenderer } from '../../../lib/kernels/maps/overlay';
import { extractFeatures, featureShape, type FeatureShape } from '../../../lib/backbones/extractFeatures';
import { channelsOf, neededTensors, strideOf } from '../../../lib/backbones/plan';
import { createBackbone, type Backbone } from '../../../lib/backbones/registry';
import { BUNDLED_BACKBONE, defaultTaps, planOf, wholePlan } from '../../../lib/backbones/table';
import { BiGrid } from '../../../lib/methods/grad/biGrid';
import { modelConfig, trainConfig } from '../../../lib/methods/grad/config';
import type { GradOptions } from '../../../lib/methods/grad/options';
import { train } from '../../../lib/methods/grad/trainer';
import { TrainControl } from '../../../lib/nn/control';
import { scoreFrame } from '../../../engine/answers/frames';
import { LiveView } from '../../../engine/answers/liveView';
import { scoreAllImages } from '../../../engine/answers/scoring';
import type { ImageStore, StoredImage } from '../../../engine/features/imageStore';
import type { ModelState } from '../../../engine/models/modelState';
import type { View } from '../../../engine/api/types';
import { presetParams, type PresetName } from '../../../settings/presets';
import type { Params } from '../../../settings/table';
import { findBackbone } from '../../backbone';
import { CountingDevice, type Counts, type Dispatch } from './countingDevice';

export const PHASES = [
  'stage 1 step',
  'stage 2 step',
  'live update',
  'features of 1',
  'features of 16',
  'camera frame',
  'scores of 16',
] as const;
export type PhaseName = (typeof PHASES)[number];

/** What one phase asks of WebGPU once everything is warm. */
export interface Phase {
  counts: Counts;
  dispatches: readonly Dispatch[];
  /** Distinct pipelines from the start: what has to be compiled before. */
  pipelines: number;
  /** The most bytes there were at once during the phase. */
  peakBytes: number;
  /** What stays, tfjs's pool of free buffers included. */
  residentBytes: number;
}

/** Runs that come before the one that is counted: pipelines are compiled and tfjs's pool is filled. */
const WARM_UPS = 2;

/** Counts one phase of a preset; null when it has no such stage. Leaves tfjs on the backend it was on. */
export async function countPhase(preset: PresetName, phase: PhaseName): Promise<Phase | null> {
  const before = tf.getBackend();
  const counting = new CountingDevice();
  return counting.pretend(async () => {
    await startBackend(counting.gpu);
    try {
      return await RUNS[phase](new Scene(presetParams(preset), counting));
    } finally {
      tf.removeBackend('webgpu');
      if (before && before !== 'webgpu') await tf.setBackend(before);
    }
  });
}

type Run = (scene: Scene) => Promise<Phase | null>;

const RUNS: Record<PhaseName, Run> = {
  'stage 1 step': (scene) => countStep(scene, 1),
  'stage 2 step': (scene) => countStep(scene, 2),
  'live update': countLiveUpdate,
  'features of 1': (scene) => countFeatures(scene, 1),
  'features of 16': (scene) => countFeatures(scene, 16),
  'camera frame': countFrame,
  'scores of 16': (scene) => countScores(scene, 16),
};

/** A preset on a device: makes what phases need, and counts. */
class Scene {
  readonly layout: MapLayout;
  #pipelines = 0;

  constructor(
    readonly params: Params,
    readonly device: CountingDevice,
  ) {
    const { inputSize: size } = params;
    this.layout = layoutOf(cutOf({ width: size, height: size }, squashed(size)));
  }

  /** Repeats until all is warm, then counts once. */
  async measure(work: () => Promise<void> | void): Promise<Phase> {
    for (let run = 0; run < WARM_UPS; run++) await work();
    this.begin();
    await work();
    return this.end();
  }

  begin(): void {
    this.#pipelines += this.device.counts.pipelines;
    this.device.restart();
  }

  end(): Phase {
    const { counts, dispatches, peakBytes, residentBytes } = this.device;
    return { counts, dispatches, pipelines: this.#pipelines + counts.pipelines, peakBytes, residentBytes };
  }

  /** The preset's network. */
  async backbone(): Promise<Backbone> {
    return createBackbone(this.params.backbone, await weightsOf(this.params.backbone));
  }

  get options(): GradOptions {
    return this.params as GradOptions;
  }

  state(shape: FeatureShape): ModelState {
    const model = BiGrid.from(modelConfig(this.options, shape), (_, start) => zeros(start.shape));
    const { backbone } = this.params;
    return { model, statistics: STATISTICS, fusionValue: 0, features: { backbone } } as unknown as ModelState;
  }
}

const STATISTICS = { sigma: 1, channels: null };
const zeros = (shape: readonly number[]) => new Float32Array(tf.util.sizeFromShape([...shape]));

/** The bundled file, as it decides how many channels features are projected to; else zeros. */
async function weightsOf(id: string): Promise<ReadonlyMap<string, StoredTensor>> {
  if (id === BUNDLED_BACKBONE) return readSafetensors((await findBackbone(id)).bytes).tensors;
  const shapes = [...neededTensors(wholePlan(id))];
  return new Map(
    shapes.map(([name, shape]) => [
      name,
      storedTensor('F32', [...shape], new Uint8Array(zeros(shape).buffer)),
    ]),
  );
}

/** One optimiser step between two others, on features that lie on the device. */
async function countStep(scene: Scene, stage: 1 | 2): Promise<Phase | null> {
  const { options } = scene;
  const shape = await shapeOf(scene.params);
  const { height, width, channels } = shape;
  const { model } = scene.state(shape);
  const { batch } = options;
  const phi = tf.zeros<tf.Rank.R4>([batch, height, width, channels]);
  let step = 0;
  let counted: Phase | null = null;
  const ready = async () => {
    if (step === WARM_UPS) scene.begin();
    if (step === WARM_UPS + 1) counted = scene.end();
    step++;
  };
  const steps = WARM_UPS + 2;
  const epochs = { epochs1: stage === 1 ? steps : 0, epochs2: stage === 2 ? steps : 0 };
  const config = trainConfig({ ...options, ...epochs }, STATISTICS.sigma);
  await train(
    model as BiGrid,
    { count: batch, ready, batch: () => phi.clone() },
    config,
    new TrainControl(),
    () => undefined,
  );
  return counted;
}

/** The shape of a preset's features. */
async function shapeOf({ backbone, inputSize, project }: Params): Promise<FeatureShape> {
  const plan = planOf(backbone, defaultTaps(backbone));
  const taps = defaultTaps(backbone);
  const side = Math.ceil(inputSize / strideOf(plan, taps[0]!));
  const projection = project ? (await weightsOf(backbone)).get('projection')?.shape[1] : undefined;
  const channels = projection ?? taps.reduce((sum, tap) => sum + channelsOf(plan, tap), 0);
  return { height: side, width: side, channels };
}

/** A block is dragged over an image whose features are there; the colour scale is fixed, as it is once images are scored. */
async function countLiveUpdate(scene: Scene): Promise<Phase> {
  const shape = await shapeOf(scene.params);
  const state = scene.state(shape);
  const phi = tf.zeros<tf.Rank.R4>([1, shape.height, shape.width, shape.channels]);
  const canvas = scene.device.canvas(512, 512);
  const renderer = new OverlayRenderer(scene.device.gpu.device, canvas);
  const live = new LiveView({
    parts: async () => ({ ids: ['image'], layout: scene.layout }),
    features: async () => phi.clone(),
    batch: () => 16,
    model: () => state,
    renderer: () => renderer,
    nameOf: (id) => id,
    again: (work) => work(),
  });
  let x = 0;
  return scene.measure(async () => void (await live.show(viewOf(scene.params, x++))));
}

function viewOf({ fbpShape, fbpIntensity, ...params }: Params, x: number): View {
  const { fbpSize: size, fbpSeed: seed, fbpSteps: steps, fbpY: y } = params;
  return {
    image: 'image',
    map: 'fused',
    block: { shape: fbpShape, size, intensity: fbpIntensity, x, y, seed, steps },
    fusionValue: null,
    refine: params.refine,
    smooth: params.smooth,
    colormap: params.colormap,
    opacity: params.opacity / 100,
    range: [0, 1],
    threshold: null,
  };
}

async function countFeatures(scene: Scene, count: number): Promise<Phase> {
  const { inputSize: side, project } = scene.params;
  const backbone = await scene.backbone();
  const image = { width: side, height: side, data: new Uint8Array(side * side * 3) };
  const images = Array.from({ length: count }, () => image);
  return scene.measure(async () => {
    const maps = extractFeatures(backbone, images, project);
    // Waiting for them is part of it.
    await tf.tidy(() => maps.at(-1)!.reshape([-1]).slice(0, 1)).data();
    tf.dispose(maps);
  });
}

/** From a picture to its map and score: all that runs a frame. */
async function countFrame(scene: Scene): Promise<Phase> {
  const { inputSize: side, project, refine, smooth } = scene.params;
  const backbone = await scene.backbone();
  const state = scene.state(featureShape(backbone, side, project));
  const pixels = new ArrayBuffer(4 * side * side);
  const frame = { width: side, height: side, pixels, refine, smooth, fusionValue: null };
  return scene.measure(async () => {
    await scoreFrame(
      {
        state,
        framing: squashed(side),
        batch: 16,
        extract: async (images) => extractFeatures(backbone, images, project),
      },
      frame,
    );
  });
}

/** One batch of test images whose features are there, with the pixels that figures are computed from. */
async function countScores(scene: Scene, count: number): Promise<Phase> {
  const shape = await shapeOf(scene.params);
  const state = scene.state(shape);
  const { inputSize: side, refine, smooth } = scene.params;
  const phi = tf.zeros<tf.Rank.R4>([1, shape.height, shape.width, shape.channels]);
  const images = storeOf(count, side, scene.layout);
  return scene.measure(async () => {
    const sources = {
      images,
      features: async () => phi.clone(),
      state,
      current: () => true,
      batch: count,
      pixelBudget: Infinity,
      onProgress: () => undefined,
    };
    await scoreAllImages(sources, { refine, smooth });
  });
}

/** Test images without a defect, all alike. */
function storeOf(count: number, side: number, layout: MapLayout): ImageStore {
  const images = Array.from({ length: count }, (_, i) => ({
    ...{ id: `${i}`, name: `${i}`, split: 'test', label: 0, type: 'good', width: side, height: side },
  })) as StoredImage[];
  return {
    of: (split: string) => (split === 'test' ? images : []),
    parts: (id: string) => ({ ids: [id], layout }),
    get: (id: string) => images[Number(id)],
    twins: () => ({ same: [], alike: [] }),
    framing: squashed(side),
    range: null,
  } as unknown as ImageStore;
}
