// Every method as an ONNX graph, fed with features (RIAD: with pixels): onnxruntime says what the engine says. The whole way
// from images of any size: preparation and backbone have their own tests, and one model here goes it.
import { beforeAll, describe, expect, it } from 'vitest';
import { fitWorld } from '../../testing/fitWorld';
import { tf } from '../gpu/tf';
import type { Params } from '../../settings/table';
import { BiGrid } from '../methods/grad/biGrid';
import type { ModelConfig } from '../methods/grad/config';
import { methodOf, registeredMethods } from '../methods/registry';
import { Unet } from '../methods/riad/network';
import { UniadNetwork } from '../methods/uniad/network';
import { uniadConfig } from '../methods/uniad/settings';
import type { DetectorConfig, StoredTensor } from '../methods/detector';
import { squashed, type Framing } from '../framing';
import { Random } from '../nn/random';
import { ParameterScope, type ValueSource } from '../nn/parameters';
import type { AnomalyModel } from '../scoring/answer';
import { batchOf, detectorSays } from './testing/runtime';
import {
  answerOf,
  bundledEyes,
  differences,
  engineSays,
  exported,
  pictures,
  type Export,
} from './testing/world';

beforeAll(async () => void (await tf.setBackend('cpu')));

/** Differences as shares of the map's range: rounding, no more. */
const CLOSE = 1e-4;
/** Weights in half precision. */
const NEAR = 2e-2;

const EXPORT: Export = {
  ...{ precision: 'f32', input: 'features', refine: true },
  ...{ smooth: 'gauss', imageScore: 'max', imageShare: 1 },
};
const GRID: ModelConfig = {
  method: 'grad',
  ...{ channels: 8, height: 4, width: 4, decoder: 'mobile', blocks: 1, expansion: 1 },
  ...{ localGrid: 4, globalGrid: 2, fusion: 'w', lambda: 0.8 },
};
const SIZE = 32;
/** Statistics of the training features, as `--normalise` keeps them. */
const NORMALISED = {
  mean: Float32Array.from({ length: 8 }, (_, c) => c / 10),
  std: Float32Array.from({ length: 8 }, (_, c) => (c === 3 ? 0 : 1 + c / 8)),
};

/** Start values, and statistics as they are after a training. */
const trainedValues: ValueSource = (name, start) => {
  const random = Random.stream(3, name);
  const values = start.draw(random);
  return /(scale|shift|runningMean|runningVariance)$/.test(name)
    ? values.map((value) => value + 0.4 * random.uniform())
    : values.map((value) => 2 * value);
};
function grid(config: Partial<ModelConfig> = {}): BiGrid {
  const model = BiGrid.from({ ...GRID, ...config }, trainedValues);
  const [map, score] = [{ mean: 2, deviation: 0.5 }, { mean: 0.1, deviation: 3 }]; // prettier-ignore
  // Between the errors of these random features.
  if (config.gate === 'sum') model.reading = { near: 1.2, sum: { map, score } };
  return model;
}

async function fitted(method: string, size: number, params: Partial<Params>): Promise<AnomalyModel> {
  const side = Math.ceil(size / 8);
  const shape = { height: side, width: side, channels: 8 };
  const { context } = fitWorld({ count: 4, ...shape, params: { ...params, methodEpochs: 1 } });
  return (await methodOf(method).fit(context))!;
}

/** A network as it starts, where a training takes long on a CPU. @param build makes its parameters */
async function untrained(
  method: string,
  config: DetectorConfig,
  build: (scope: ParameterScope) => unknown,
): Promise<AnomalyModel> {
  const scope = ParameterScope.root(trainedValues);
  build(scope);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, variable } of scope.list) {
    tensors.set(name, { shape: variable.shape, data: await variable.data<'float32'>() });
  }
  const model = methodOf(method).restore(config, tensors);
  scope.dispose();
  return model;
}

const untrainedRiad = (size: number) =>
  untrained('riad', { size, width: 4, seed: 1 }, (scope) => new Unet(scope, 4));

function untrainedUniad(side: number): Promise<AnomalyModel> {
  const config = { ...uniadConfig({ height: side, width: side, channels: 8 }), layers: 1 };
  return untrained('uniad', { ...config }, (scope) => new UniadNetwork(scope, config));
}

async function compareOnFeatures(
  model: AnomalyModel,
  {
    size = SIZE,
    channels = null as typeof NORMALISED | null,
    ...changes
  }: Partial<Export> & { size?: number; channels?: typeof NORMALISED | null } = {},
) {
  const asked = { ...EXPORT, ...changes };
  const trained = { model, statistics: { sigma: 1, channels } };
  const side = Math.ceil(size / 8);
  const phi = tf.randomNormal<tf.Rank.R4>([3, side, side, 8], 0, 1, 'float32', 7);
  const turned = tf.transpose(phi, [0, 3, 1, 2]);
  const file = await exported({ eyes: bundledEyes(), framing: squashed(size) }, trained, asked);
  const theirs = await detectorSays(file, {
    features: { data: await turned.data<'float32'>(), shape: turned.shape },
  });
  const ours = await answerOf(trained, phi, { ...asked, size });
  tf.dispose([phi, turned]);
  model.dispose();
  return differences(ours, theirs);
}

const eyesOf = (kind: 'none' | 'bundled') =>
  kind === 'none' ? { eyes: null, channels: 3 } : { eyes: bundledEyes(), channels: 32 };

/** Compiling the runtime takes most of the first test. */
const TIMEOUT = 60_000;

describe('a detector that is taken away', { timeout: TIMEOUT }, () => {
  it.each<[string, Partial<ModelConfig>, Parameters<typeof compareOnFeatures>[1]]>([
    ['GRAD', {}, {}],
    [
      'GRAD by lambda, basic blocks, not refined',
      { fusion: 'lambda', decoder: 'basic', blocks: 2 },
      { refine: false },
    ],
    ['GRAD on normalised features', {}, { channels: NORMALISED, imageScore: 'quantile' }],
    [
      'GRAD with a gate, coordinates of its own',
      { gate: 'refine', coordinates: 'own' },
      { smooth: 'crad-public' },
    ],
    ['GRAD with its branch added, near as measured', { gate: 'sum', coordinates: 'copied' }, {}],
    ['the normal grid', { method: 'normal-grid' }, { smooth: 'none', imageScore: 'top', imageShare: 5 }],
    ['the abnormal grid', { method: 'abnormal-grid' }, { smooth: 'crad' }],
    ['the abnormal grid by its raw map', { method: 'abnormal-grid' }, { imageScore: 'raw' }],
  ])('says as %s what the engine says', async (_, config, options) => {
    const { map, score } = await compareOnFeatures(grid(config), options);
    expect(map).toBeLessThan(CLOSE);
    expect(score).toBeLessThan(CLOSE);
  });

  /** 17 cells a side where UniAD pools its tokens, an odd one cut off; a side of RIAD that its network pads. */
  const FITTED: [string, number, Partial<Params>][] = [
    ['padim', SIZE, { padimFeatures: 5 }],
    ['patchcore', SIZE, { coresetPercent: 50 }],
    ['simplenet', SIZE, {}],
    ['dfr', SIZE, {}],
    ['uniad', 136, {}],
    ['riad', 20, {}],
  ];

  it('is compared for every method', () => {
    expect(FITTED.map(([method]) => method)).toEqual(registeredMethods());
  });

  it.each(FITTED.slice(0, -1))('says as %s what the engine says', async (method, size, params) => {
    const model = await (method === 'uniad' ? untrainedUniad(size / 8) : fitted(method, size, params));
    const { map, score } = await compareOnFeatures(model, { size });
    expect(map).toBeLessThan(CLOSE);
    expect(score).toBeLessThan(CLOSE);
  });

  it.each(['reweighted', 'top'] as const)(
    'says as PatchCore by cosines, the background left out, what the engine says: %s',
    async (score) => {
      const patches = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i * i));
      const unit = patches.map((value, i) => value / Math.hypot(...patches.subarray(i - (i % 8), i - (i % 8) + 8))); // prettier-ignore
      const tensors = new Map<string, StoredTensor>([
        ['patches', { shape: [5, 8], data: unit }],
        ['foreground', { shape: [8, 1], data: Float32Array.from({ length: 8 }, (_, c) => Math.cos(c)) }],
      ]);
      const config = { channels: 8, score, distance: 'cosine', foregroundLine: 0.9 };
      const { map, score: ofScore } = await compareOnFeatures(methodOf('patchcore').restore(config, tensors), { size: 64 }); // prettier-ignore
      expect(map).toBeLessThan(CLOSE);
      expect(ofScore).toBeLessThan(CLOSE);
    },
  );

  it('says as riad what the engine says, of pixels', async () => {
    const size = FITTED.at(-1)![1];
    const model = await untrainedRiad(size);
    const trained = { model, statistics: { sigma: 1, channels: null } };
    const world = { eyes: null, framing: squashed(size) };
    const asked: Export = { ...EXPORT, input: 'pixels' };
    const images = pictures(2, size, size);
    const theirs = await detectorSays(await exported(world, trained, asked), { image: batchOf(images) });
    const { map, score } = differences(await engineSays(world, trained, images, asked), theirs);
    model.dispose();
    expect(map).toBeLessThan(CLOSE);
    expect(score).toBeLessThan(CLOSE);
  });

  it('goes the whole way from pictures of an odd size', async () => {
    const model = grid({ channels: 32 });
    const trained = { model, statistics: { sigma: 1, channels: null } };
    const world = { eyes: bundledEyes(), framing: squashed(SIZE) };
    const asked: Export = { ...EXPORT, input: 'pixels' };
    const images = pictures(1, 45, 37);
    const theirs = await detectorSays(await exported(world, trained, asked), { image: batchOf(images) });
    const { map, score } = differences(await engineSays(world, trained, images, asked), theirs);
    model.dispose();
    expect(map).toBeLessThan(CLOSE);
    expect(score).toBeLessThan(CLOSE);
  });

  /** A memory that looks at pixels: nothing here takes long but what is tested. The images' sizes change what is cut or padded. */
  it.each<[string, Partial<Framing>, Partial<Export>, Parameters<typeof eyesOf>[0]]>([
    ['not square', { height: 48 }, { smooth: 'gauss' }, 'none'],
    ['padded', { fit: 'letterbox' }, { smooth: 'gauss' }, 'bundled'],
    ['padded, with CRAD’s pools', { fit: 'letterbox', height: 48 }, { smooth: 'crad' }, 'none'],
    ['padded, with CRAD’s public pools', { fit: 'letterbox', height: 48 }, { smooth: 'crad-public' }, 'none'],
    ['cut into tiles', { fit: 'tile', tile: 20 }, { smooth: 'gauss' }, 'none'],
    ['cut into tiles, by the highest pixels', { fit: 'tile', tile: 26, overlap: 0.5 }, { smooth: 'none', imageScore: 'top', imageShare: 3 }, 'none'], // prettier-ignore
    ['cut into tiles, by the raw map', { fit: 'tile', tile: 17, height: 24 }, { smooth: 'crad', imageScore: 'raw' }, 'none'], // prettier-ignore
  ])('says of images that are %s what the engine says', async (_, changes, asked, sight) => {
    const { eyes, channels } = eyesOf(sight);
    const patches = Float32Array.from({ length: 12 * channels }, (_, i) => Math.abs(Math.sin(i * i)));
    const memory = new Map<string, StoredTensor>([['patches', { shape: [12, channels], data: patches }]]);
    const model = methodOf('patchcore').restore({ channels, score: 'reweighted' }, memory);
    const trained = { model, statistics: { sigma: 1, channels: null } };
    const world = { eyes, framing: { ...squashed(SIZE), ...changes } };
    const options: Export = { ...EXPORT, input: 'pixels', ...asked };
    const file = await exported(world, trained, options);
    for (const [count, width, height] of [
      [2, 45, 37],
      [1, 16, 61],
    ] as const) {
      // prettier-ignore
      const images = pictures(count, width, height);
      const theirs = await detectorSays(file, { image: batchOf(images) });
      const { map, score } = differences(await engineSays(world, trained, images, options), theirs);
      expect(map).toBeLessThan(CLOSE);
      expect(score).toBeLessThan(CLOSE);
    }
    model.dispose();
  });

  it('takes half the room in half precision, and says nearly the same', async () => {
    const size = async (precision: 'f32' | 'f16') => {
      const model = grid({ channels: 64 });
      const trained = { model, statistics: { sigma: 1, channels: null } };
      const file = await exported({ eyes: bundledEyes(), framing: squashed(SIZE) }, trained, {
        ...EXPORT,
        precision,
      });
      model.dispose();
      return file.bytes;
    };
    expect(await size('f16')).toBeLessThan(0.6 * (await size('f32')));
    const { map } = await compareOnFeatures(grid({ localGrid: 12, globalGrid: 4 }), { precision: 'f16' });
    expect(map).toBeLessThan(NEAR);
    expect(map).toBeGreaterThan(0);
  });
});
