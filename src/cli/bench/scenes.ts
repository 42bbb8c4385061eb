// What the program does with a GPU, phase by phase, each as work that can be done again and again: steps of training, one
// live update, features, one camera frame, scores of a batch. They are counted (ledger/phases.ts), timed and profiled.
import { readSafetensors, storedTensor, type StoredTensor } from '../../lib/formats/safetensors';
import { cutOf, layoutOf, squashed, type MapLayout } from '../../lib/framing';
import { backendDevice } from '../../lib/gpu/backend';
import { tf } from '../../lib/gpu/tf';
import { OverlayRenderer } from '../../lib/kernels/maps/overlay';
import { extractFeatures, featureShape, type FeatureShape } from '../../lib/backbones/extractFeatures';
import { channelsOf, neededTensors, strideOf } from '../../lib/backbones/plan';
import { createBackbone, type Backbone } from '../../lib/backbones/registry';
import { syntheticWeights } from '../../lib/backbones/syntheticWeights';
import { BUNDLED_BACKBONE, defaultTaps, planOf, wholePlan } from '../../lib/backbones/table';
import { BiGrid } from '../../lib/methods/grad/biGrid';
import { modelConfig, trainConfig } from '../../lib/methods/grad/config';
import type { GradOptions } from '../../lib/methods/grad/options';
import { train } from '../../lib/methods/grad/trainer';
import { TrainControl } from '../../lib/nn/control';
import { drawn, type Start } from '../../lib/nn/parameters';
import { scoreFrame } from '../../engine/answers/frames';
import { LiveView } from '../../engine/answers/liveView';
import { scoreAllImages } from '../../engine/answers/scoring';
import type { ImageStore, StoredImage } from '../../engine/features/imageStore';
import type { ModelState } from '../../engine/models/modelState';
import type { View } from '../../engine/api/types';
import type { Params } from '../../settings/table';
import { findBackbone } from '../backbone';

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

/** Work of a phase. */
export interface Scene {
  /** Once more the same. What is on the GPU then may still be under way. */
  work(): Promise<void>;
  /** Gives everything up. */
  end(): Promise<void>;
}

export interface Setting {
  params: Params;
  /** Draws parameters, weights and features at random; otherwise all are zeros, where nothing is computed anyway. */
  random: boolean;
  /** The canvas of live updates; without one nothing is painted. */
  canvas: OffscreenCanvas | null;
}

/** Sets a phase up on tfjs's present backend; null when the preset has no such stage. */
export async function sceneOf(phase: PhaseName, setting: Setting): Promise<Scene | null> {
  return SCENES[phase](new Stage(setting));
}

const SCENES: Record<PhaseName, (stage: Stage) => Promise<Scene | null>> = {
  'stage 1 step': (stage) => trainingScene(stage, 1),
  'stage 2 step': (stage) => trainingScene(stage, 2),
  'live update': liveScene,
  'features of 1': (stage) => featuresScene(stage, 1),
  'features of 16': (stage) => featuresScene(stage, 16),
  'camera frame': frameScene,
  'scores of 16': (stage) => scoringScene(stage, 16),
};

/** What phases are made of. */
class Stage {
  readonly layout: MapLayout;
  readonly #made: { dispose(): void }[] = [];

  constructor(readonly setting: Setting) {
    const { inputSize: size } = setting.params;
    this.layout = layoutOf(cutOf({ width: size, height: size }, squashed(size)));
  }

  get params(): Params {
    return this.setting.params;
  }

  /** The preset's network. */
  async backbone(): Promise<Backbone> {
    const { backbone: id } = this.params;
    return this.#keep(createBackbone(id, await weightsOf(id, this.setting.random)));
  }

  /** The preset's model, for features of this shape. */
  model(shape: FeatureShape): BiGrid {
    const values = this.setting.random ? drawnFast : (_: string, start: Start) => zeros(start.shape);
    const model = BiGrid.from(modelConfig(this.params as GradOptions, shape), values);
    this.#keep(model);
    return model;
  }

  state(shape: FeatureShape): ModelState {
    const { backbone } = this.params;
    const state = {
      model: this.model(shape),
      statistics: STATISTICS,
      fusionValue: 0,
      features: { backbone },
    };
    return state as unknown as ModelState;
  }

  /** Features of some images. */
  phi(batch: number, { height, width, channels }: FeatureShape): tf.Tensor4D {
    const shape: [number, number, number, number] = [batch, height, width, channels];
    return this.#keep(
      this.setting.random
        ? tf.randomNormal<tf.Rank.R4>(shape, 0, 1, 'float32', 1)
        : tf.zeros<tf.Rank.R4>(shape),
    );
  }

  #keep<T extends { dispose(): void }>(made: T): T {
    this.#made.push(made);
    return made;
  }

  scene(work: Scene['work'], end: () => Promise<void> | void = () => undefined): Scene {
    return {
      work,
      end: async () => {
        await end();
        this.#made.splice(0).forEach((made) => made.dispose());
      },
    };
  }
}

/** Elements above which drawing a parameter the usual way takes seconds. */
const MANY = 2 ** 20;

/** Start values as a model has them; of large ones the spread alone is right. */
function drawnFast(name: string, start: Start): Float32Array {
  const count = tf.util.sizeFromShape(start.shape);
  if (count < MANY) return drawn(1)(name, start);
  const limit = Math.sqrt((3 * start.shape.at(-1)!) / count);
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) | 0);
  return new Float32Array(count).map(() => (limit * next()) / 2 ** 31);
}

const STATISTICS = { sigma: 1, channels: null };
const zeros = (shape: readonly number[]) => new Float32Array(tf.util.sizeFromShape([...shape]));

/** The bundled file, as it decides how many channels features are projected to; else made-up weights, or zeros. */
async function weightsOf(id: string, random: boolean): Promise<ReadonlyMap<string, StoredTensor>> {
  if (id === BUNDLED_BACKBONE) return readSafetensors((await findBackbone(id)).bytes).tensors;
  const shapes = neededTensors(wholePlan(id));
  if (random) return syntheticWeights(shapes);
  return new Map(
    [...shapes].map(([name, shape]) => [
      name,
      storedTensor('F32', [...shape], new Uint8Array(zeros(shape).buffer)),
    ]),
  );
}

/** The shape of a preset's features. */
async function shapeOf({ backbone, inputSize, project }: Params): Promise<FeatureShape> {
  const taps = defaultTaps(backbone);
  const plan = planOf(backbone, taps);
  const side = Math.ceil(inputSize / strideOf(plan, taps[0]!));
  const q = project ? (await weightsOf(backbone, false)).get('projection')?.shape[1] : undefined;
  const channels = q ?? taps.reduce((sum, tap) => sum + channelsOf(plan, tap), 0);
  return { height: side, width: side, channels };
}

/** More than anybody will ask for: the training ends when the scene does. */
const EPOCHS = 10_000;

/** One optimiser step, on features that lie on the device: the loop waits before each until it is asked for. */
async function trainingScene(stage: Stage, which: 1 | 2): Promise<Scene | null> {
  const { params } = stage;
  const { batch } = params;
  const shape = await shapeOf(params);
  const model = stage.model(shape);
  const phi = stage.phi(batch, shape);
  let go = () => {};
  let arrived = () => {};
  const ready = () => new Promise<void>((resolve) => ((go = resolve), arrived()));
  const control = new TrainControl();
  const epochs = { epochs1: which === 1 ? EPOCHS : 0, epochs2: which === 2 ? EPOCHS : 0 };
  const options = { ...(params as GradOptions), ...epochs };
  const waiting = () => new Promise<boolean>((resolve) => (arrived = () => resolve(true)));
  const first = waiting();
  const source = { count: batch, ready, batch: () => phi.clone() };
  const running = train(model, source, trainConfig(options, STATISTICS.sigma), control, () => undefined);
  const ended = running.then(() => false);
  const end = async () => {
    control.cancel();
    go();
    await running;
  };
  if (!(await Promise.race([first, ended]))) return null;
  return stage.scene(async () => {
    const next = waiting();
    go();
    await Promise.race([next, ended]);
  }, end);
}

/** A block is dragged over an image whose features are there; the colour scale is fixed, as it is once images are scored. */
async function liveScene(stage: Stage): Promise<Scene> {
  const { params, setting } = stage;
  const shape = await shapeOf(params);
  const state = stage.state(shape);
  const phi = stage.phi(1, shape);
  const renderer = setting.canvas && new OverlayRenderer(backendDevice(), setting.canvas);
  const live = new LiveView({
    parts: async () => ({ ids: ['image'], layout: stage.layout }),
    features: async () => phi.clone(),
    batch: () => 16,
    model: () => state,
    renderer: () => renderer,
    nameOf: (id) => id,
    again: (work) => work(),
  });
  let x = 0;
  return stage.scene(
    async () => void (await live.show(viewOf(params, x++ % shape.width))),
    () => {
      live.clear();
      renderer?.dispose();
    },
  );
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

async function featuresScene(stage: Stage, count: number): Promise<Scene> {
  const { inputSize: side, project } = stage.params;
  const backbone = await stage.backbone();
  const image = { width: side, height: side, data: new Uint8Array(side * side * 3) };
  const images = Array.from({ length: count }, () => image);
  return stage.scene(async () => {
    const maps = extractFeatures(backbone, images, project);
    const number = tf.tidy(() => maps.at(-1)!.reshape([-1]).slice(0, 1));
    // Waiting for them is part of it.
    await number.data();
    tf.dispose([...maps, number]);
  });
}

/** From a picture to its map and score: all that runs a frame. */
async function frameScene(stage: Stage): Promise<Scene> {
  const { inputSize: side, project, refine, smooth } = stage.params;
  const backbone = await stage.backbone();
  const state = stage.state(featureShape(backbone, side, project));
  const pixels = new ArrayBuffer(4 * side * side);
  const frame = { width: side, height: side, pixels, refine, smooth, fusionValue: null };
  const sources = {
    state,
    framing: squashed(side),
    batch: 16,
    extract: async (images: Parameters<typeof extractFeatures>[1]) =>
      extractFeatures(backbone, images, project),
  };
  return stage.scene(async () => void (await scoreFrame(sources, frame)));
}

/** One batch of test images whose features are there, with the pixels that figures are computed from. */
async function scoringScene(stage: Stage, count: number): Promise<Scene> {
  const { params, layout } = stage;
  const { inputSize: side, refine, smooth } = params;
  const shape = await shapeOf(params);
  const state = stage.state(shape);
  const phi = stage.phi(1, shape);
  const sources = {
    images: storeOf(count, side, layout),
    features: async () => phi.clone(),
    state,
    current: () => true,
    batch: count,
    pixelBudget: Infinity,
    onProgress: () => undefined,
  };
  return stage.scene(async () => void (await scoreAllImages(sources, { refine, smooth })));
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
    drawn: () => [],
    framing: squashed(side),
    range: null,
  } as unknown as ImageStore;
}
