// The demo preset timed on made-up textures: training per step and as a whole, scoring per image, a live update.
import type { View } from '../../engine/api/types';
import { presetParams } from '../../settings/presets';
import { findBackbone } from '../backbone';
import type { Measurement } from './measurement';
import { configure, handOver, trainModel } from '../steps';
import { syntheticImages } from '../data/synthetic';
import type { Workbench } from './workbench';

const TRAIN_IMAGES = 24;
const TEST_IMAGES = 16;
const LIVE_UPDATES = 20;
/** Work of the yardstick: large enough that its time is of the order of a training step's. */
const YARDSTICK_GFLOP = 1;
const YARDSTICK = `a 3x3 convolution of ${YARDSTICK_GFLOP} GFLOP`;

/** Both stages of the demo preset on 24 images. @param gflops speed of a 3x3 convolution, measured in this run */
export async function benchTraining(workbench: Workbench, gflops: number): Promise<Measurement[]> {
  const { batch, epochs1, epochs2 } = await loadImages(workbench);
  const { stageMs, seconds } = await trainModel(workbench);
  const steps = Math.ceil(TRAIN_IMAGES / batch);
  return [
    measurement('stage 1, one step', stageMs[0] / (steps * epochs1), gflops),
    measurement('stage 2, one step', stageMs[1] / (steps * epochs2), gflops),
    measurement('demo preset, both stages', 1000 * seconds, gflops),
  ];
}

/** Features, scores and live updates of the demo preset; the model is trained for an epoch only. */
export async function benchInference(workbench: Workbench, gflops: number): Promise<Measurement[]> {
  const { featuresMs, ...params } = await loadImages(workbench, { epochs1: 1, epochs2: 1 });
  await trainModel(workbench);
  const scoring = { smooth: params.smooth, refine: params.refine };
  await workbench.call('scoreAll', scoring);
  const { msPerImage } = await workbench.call('scoreAll', scoring);
  return [
    measurement('decode and features, one image', featuresMs / (TRAIN_IMAGES + TEST_IMAGES), gflops),
    measurement('score, one image', msPerImage, gflops),
    measurement('live update (median)', await liveUpdateMs(workbench), gflops),
  ];
}

function measurement(name: string, ms: number, gflops: number): Measurement {
  const yardstickMs = (1000 * YARDSTICK_GFLOP) / gflops;
  return { name, ms, ratio: ms / yardstickMs, yardstick: YARDSTICK };
}

/** The demo preset with fresh images, their features computed. */
async function loadImages(workbench: Workbench, changes = {}) {
  const wanted = { ...presetParams('demo'), ...changes };
  const params = await configure(workbench, wanted, await findBackbone(wanted.backbone));
  const images = syntheticImages(TRAIN_IMAGES, TEST_IMAGES);
  await workbench.call('removeImages', images.map(({ id }) => id)); // prettier-ignore
  const start = performance.now();
  await handOver(workbench, images);
  await workbench.call('features', undefined);
  return { ...params, featuresMs: performance.now() - start };
}

/** Drags a block over the first test image; nothing is painted, as there is no canvas. */
async function liveUpdateMs(workbench: Workbench): Promise<number> {
  const times: number[] = [];
  for (let update = 0; update < LIVE_UPDATES; update++) {
    workbench.progress.update(`live update ${update + 1}/${LIVE_UPDATES}`);
    const shown = await workbench.call('show', viewWithBlockAt(update % 12));
    if (!shown.superseded) times.push(shown.ms);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

function viewWithBlockAt(x: number): View {
  const { refine, smooth, colormap, fbpShape, fbpSize, fbpIntensity, fbpSeed, fbpSteps, fbpY } =
    presetParams('demo');
  const block = {
    shape: fbpShape,
    size: fbpSize,
    intensity: fbpIntensity,
    x,
    y: fbpY,
    seed: fbpSeed,
    steps: fbpSteps,
  };
  const image = syntheticImages(TRAIN_IMAGES, 1).at(-1)!.id;
  return {
    image,
    map: 'fused',
    block,
    fusionValue: null,
    refine,
    smooth,
    colormap,
    opacity: 1,
    range: null,
    threshold: null,
  };
}
