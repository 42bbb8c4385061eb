// A small world to take detectors away from: pictures, a backbone of made-up weights, and what the engine's own way
// (prepare, extract, answer) says, on tfjs's CPU backend.
import { extractFeatures } from '../../backbones/extractFeatures';
import type { Statistics } from '../../backbones/features';
import { parseBackboneId } from '../../backbones/hubTable';
import { withoutPadding } from '../../backbones/padding';
import { pixelMaps } from '../../backbones/pixelMaps';
import { createBackbone } from '../../backbones/registry';
import { resolveTaps } from '../../backbones/taps';
import { readSafetensors, type StoredTensor } from '../../formats/safetensors';
import { tf } from '../../gpu/tf';
import type { RgbImage } from '../../images/image';
import { isDetector } from '../../methods/detector';
import { writeDetector } from '../../methods/detectorFile';
import { saveModel } from '../../methods/grad/checkpoint';
import { Random } from '../../nn/random';
import { cutOf, layoutOf, partsOf, type Framing } from '../../framing';
import { cutImage } from '../../images/cut';
import { answer, type AnomalyModel, type AnswerOptions } from '../../scoring/answer';
import { bundledWeights } from '../../../testing/golden';
import { detectorGraph, onnxFile, type DetectorGraphOptions, type OnnxFile } from '../index';
import type { Said } from './runtime';

/** Smooth blobs with noise: like a photograph, no two images alike. */
export function pictures(count: number, width: number, height: number, seed = 1): RgbImage[] {
  const random = Random.stream(seed, `pictures of ${width} x ${height}`);
  return Array.from({ length: count }, () => {
    const [a, b, c] = [random.uniform(), random.uniform(), random.uniform()].map((x) => 2 + 9 * x);
    const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
      const [x, y] = [(Math.floor(i / 3) % width) / width, Math.floor(i / 3 / width) / height];
      const wave = Math.sin(a! * x + b! * y) + Math.sin(c! * y * x + (i % 3));
      return 128 + 45 * wave + 30 * (random.uniform() - 0.5);
    });
    return { width, height, data };
  });
}

export interface Eyes {
  id: string;
  taps: string;
  project: boolean;
  weights: ReadonlyMap<string, StoredTensor>;
}

/** The bundled backbone, projected as the demonstration has it. */
export const bundledEyes = (): Eyes => ({
  id: 'mini_resnet',
  taps: 'standard',
  project: true,
  weights: bundledWeights(),
});

export interface World {
  /** Null for a method that looks at pixels. */
  eyes: Eyes | null;
  framing: Framing;
}

const backboneOf = ({ id, taps, weights }: Eyes) =>
  createBackbone(id, weights, { taps: resolveTaps(parseBackboneId(id).architecture, taps) });

/** What the model sees of an image, [parts, H, W, C]. The caller disposes it. */
export function seen({ eyes, framing }: World, image: RgbImage): tf.Tensor4D {
  const cut = cutOf(image, framing);
  const parts = Array.from({ length: partsOf(cut) }, (_, part) => cutImage(image, cut, framing, part));
  return tf.tidy(() => {
    const backbone = eyes && backboneOf(eyes);
    const maps = backbone ? extractFeatures(backbone, parts, eyes.project) : pixelMaps(parts);
    backbone?.dispose();
    return tf.concat(
      maps.map((map, i) => withoutPadding(map, parts[i]!)),
      0,
    );
  });
}

export interface TrainedModel {
  model: AnomalyModel;
  statistics: Statistics;
}

/** The engine's own answer of images, one at a time. */
export async function engineSays(
  world: World,
  trained: TrainedModel,
  images: readonly RgbImage[],
  options: Omit<AnswerOptions, 'size'>,
): Promise<Said> {
  const said: Said[] = [];
  for (const image of images) {
    const phi = seen(world, image);
    const size = layoutOf(cutOf(image, world.framing));
    said.push(await answerOf(trained, phi, { ...options, size }));
    phi.dispose();
  }
  return {
    maps: said.flatMap(({ maps }) => maps),
    scores: Float32Array.from(said.flatMap(({ scores }) => [...scores])),
  };
}

/** The same of what the model sees. */
export async function answerOf(
  trained: TrainedModel,
  phi: tf.Tensor4D,
  options: AnswerOptions,
): Promise<Said> {
  const [scored, scores] = tf.tidy(() => {
    const found = answer(trained, phi, options);
    return [found.scored, found.scores];
  });
  const values = await scored.data<'float32'>();
  const [images] = scored.shape;
  const each = values.length / images;
  const said = {
    maps: Array.from({ length: images }, (_, i) => values.slice(i * each, (i + 1) * each)),
    scores: await scores.data<'float32'>(),
  };
  tf.dispose([scored, scores]);
  return said;
}

export type Export = Omit<DetectorGraphOptions, 'framing'>;

/** The same detector as a file. */
export async function exported(
  { eyes, framing }: World,
  { model, statistics }: TrainedModel,
  options: Export,
): Promise<OnnxFile> {
  const file = isDetector(model) ? await writeDetector(model) : await saveModel(model);
  const taps = eyes && resolveTaps(parseBackboneId(eyes.id).architecture, eyes.taps);
  const graph = detectorGraph(
    { model: readSafetensors(file), statistics, backbone: eyes && { ...eyes, taps: taps! } },
    { ...options, framing },
  );
  return onnxFile(graph, { producer: 'test', producerVersion: '0', metadata: {} });
}

/** The largest difference of two answers' maps as a share of the engine's map's range, and the same of scores. */
export function differences(ours: Said, theirs: Said): { map: number; score: number } {
  const all = ours.maps.flatMap((map) => [...map]);
  const range = all.reduce((a, b) => Math.max(a, b)) - all.reduce((a, b) => Math.min(a, b));
  const largest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    let most = a.length === b.length ? 0 : Infinity;
    for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
    return most;
  };
  const map = Math.max(...ours.maps.map((one, i) => largest(one, theirs.maps[i]!)));
  return { map: map / range, score: largest(ours.scores, theirs.scores) / range };
}
