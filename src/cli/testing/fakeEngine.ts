// An engine without a GPU, for tests of the commands: takes every image, scores it by a rule, remembers its calls.
import { writeSafetensors } from '../../lib/formats/safetensors';
import { suggestThreshold } from '../../lib/scoring/metrics/threshold';
import { curvesOf, resampleAll } from '../../lib/scoring/metrics/detail';
import { summarise } from '../../lib/scoring/metrics/summary';
import { Random } from '../../lib/nn/random';
import { CALL_NAMES, type CallName } from '../../engine/api/protocol';
import type { Calls, Engine, EngineEvent, ImageFile, ScoreTable } from '../../engine/api/types';

export type FakeEngine = Engine & {
  calls: { name: CallName; input: unknown }[];
  memoryBytes: number;
  /** What its weights are recognised as. */
  backbone: string;
  /** What else a loaded file could be. */
  alternatives: string[];
  /** Runs while this call does. */
  during(name: CallName, action: () => void): void;
  emit(event: EngineEvent): void;
};

/** Side of its maps in pixels. */
const SIDE = 4;

/** @param scoreOf an image's score; by default its number of bytes */
export function fakeEngine(scoreOf = (file: ImageFile) => lengthOf(file)): FakeEngine {
  const listeners = new Set<(event: EngineEvent) => void>();
  const actions = new Map<CallName, () => void>();
  const images: ImageFile[] = [];
  const fake = {
    calls: [] as FakeEngine['calls'],
    memoryBytes: 0,
    backbone: 'mini_resnet',
    alternatives: [] as string[],
  };
  const answers: { [K in keyof Calls]?: (input: Calls[K]['in']) => Calls[K]['out'] } = {
    open: () => ADAPTER,
    configure: () => FEATURES,
    loadBackbone: () => ({ ...FEATURES, backbone: fake.backbone, alternatives: fake.alternatives }),
    features: () => FEATURES,
    addImages: (files) => addImages(images, files),
    train: () => TRAINED,
    saveModel: () => writeSafetensors({ w: { shape: [1], data: Float32Array.of(-0.2) } }),
    removeImages: (ids) => removeImages(images, ids),
    scoreAll: (request) => tableOf(images, scoreOf, request),
    pasteBlocks: ({ sizes }) => ({ heldOut: true, trials: sizes.map((size) => pasted(size)) }),
    readMap: () => ({ width: SIDE, height: SIDE, values: new Float32Array(SIDE * SIDE).fill(1) }),
    memory: () => ({ gpuBytes: fake.memoryBytes, tensors: 0 }),
  };
  const methods = CALL_NAMES.map((name) => [name, (input: never) => answer(name, input)] as const);

  async function answer(name: CallName, input: never) {
    fake.calls.push({ name, input });
    actions.get(name)?.();
    return answers[name]?.(input);
  }

  return Object.assign(fake, Object.fromEntries(methods), {
    during: (name: CallName, action: () => void) => void actions.set(name, action),
    emit: (event: EngineEvent) => listeners.forEach((listener) => listener(event)),
    subscribe: (listener: (event: EngineEvent) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  }) as unknown as FakeEngine;
}

const ADAPTER = {
  vendor: 'fake',
  architecture: 'none',
  description: 'Fake adapter',
  software: true,
  featuresOnProcessor: false,
  gflops: 1,
  suggestedPreset: 'demo',
  reason: 'It is a fake.',
} as const;

const FEATURES = {
  height: 16,
  width: 16,
  channels: 32,
  sigma: 0.5,
  backbone: 'mini_resnet',
  taps: 'standard',
  parameters: 1,
};

const TRAINED = {
  outcome: 'finished',
  seconds: 1,
  stageMs: [400, 600] as [number, number],
  losses: { 1: [1, 0.5], 2: [2, 1] },
  fusionValue: -0.2,
} as const satisfies Calls['train']['out'];

/** Found wherever it is larger than a cell. */
const pasted = (size: number): Calls['pasteBlocks']['out']['trials'][number] => ({
  image: '',
  block: { shape: 'walk', size, intensity: 1, x: 0, y: 0, seed: 0, steps: 1 },
  score: size * 1e4,
});

const lengthOf = ({ bytes }: ImageFile): number =>
  bytes instanceof ArrayBuffer ? bytes.byteLength : bytes.size;

/** Empty files are refused, as the decoder would. */
function addImages(images: ImageFile[], files: ImageFile[]): Calls['addImages']['out'] {
  const empty = files.filter((file) => lengthOf(file) === 0);
  const good = files.filter((file) => lengthOf(file) > 0);
  images.push(...good);
  const error = { name: 'EmptyFile', message: 'The file is empty.', remedy: 'Export it again.' };
  return { added: good.map(({ id }) => id), refused: empty.map(({ id, name }) => ({ id, name, error })) };
}

function removeImages(images: ImageFile[], ids: readonly string[]): void {
  const left = images.filter(({ id }) => !ids.includes(id));
  images.splice(0, images.length, ...left);
}

function tableOf(
  images: ImageFile[],
  scoreOf: (file: ImageFile) => number,
  { resamples = 0, curves = false }: Calls['scoreAll']['in'],
): ScoreTable {
  const test = images.filter(({ split }) => split === 'test');
  const scores = test.map(scoreOf);
  const labels = test.map(({ label }) => label);
  const types = test.map(({ type }) => type);
  const evaluated = { scores, labels, types };
  const summary = summarise(evaluated);
  const randomFor = (name: string) => Random.stream(0, name);
  return {
    images: [...test, ...images.filter(({ split }) => split !== 'test')].map((image) => {
      return { id: image.id, score: scoreOf(image) };
    }),
    ...summary,
    ...(resamples > 0 && { resampled: resampleAll(evaluated, summary, { count: resamples, randomFor }) }),
    ...(curves && { curves: curvesOf(evaluated) }),
    threshold: suggestThreshold(scores, labels),
    ranges: { fused: [0, 2], normal: [0, 2], abnormal: [-1, 1] },
    msPerImage: 1,
  };
}
