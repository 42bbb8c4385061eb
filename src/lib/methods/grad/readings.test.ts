// GRAD's readings against double precision: how the map is read (near, gate, sum), the loss after refinement, blocks of
// another direction; and what each stage leaves alone. On the CPU and the processor's backend.
import { beforeAll, describe, expect, it } from 'vitest';
import { numericGradient } from '../../../testing/reference64';
import { expectClose } from '../../../testing/golden';
import { startProcessor } from '../../gpu/processor';
import { tf } from '../../gpu/tf';
import { distanceMap } from '../../kernels/maps/distanceMap';
import { TrainControl } from '../../nn/control';
import { Random } from '../../nn/random';
import { drawAnomalies, type FeatureSource } from './anomalies';
import { BiGrid } from './biGrid';
import { loadModel, saveModel } from './checkpoint';
import { modelConfig, trainConfig, type ModelConfig, type TrainConfig } from './config';
import { fusedMap } from './fusedMap';
import { refinedLoss } from './losses';
import { deviationsOf, quantile, standardOf } from './measureReading';
import { GRAD_ROWS, type GradOptions } from './options';
import { defaultsOf } from '../options';
import { train } from './trainer';

const CHANNELS = 4;
const MODEL: ModelConfig = {
  ...{ method: 'grad', fusion: 'w', lambda: 0.8, decoder: 'mobile', blocks: 1, expansion: 1 },
  ...{ channels: CHANNELS, height: 4, width: 4, localGrid: 4, globalGrid: 2 },
};
const TRAIN: TrainConfig = {
  ...{ seed: 3, epochs: [1, 1], batch: 4, learningRate: 1e-3, gridLearningRate: 0.1 },
  ...{ start: 'kaiming', contrastive: 'mean', jitter: 'branch' },
  ...{ direction: 'ones', masks: 'true', freeze: 'table', loss: 'before', plateau: 0, nearQuantile: null },
  ...{ anomalySource: 'fbp', anomalyNoise: 0, fbpRecipe: 'per-image', fbpIntensity: [4, 8], sigma: 1 },
};

const random = Random.stream(9, 'features');
const MAPS = Array.from({ length: 6 }, () => random.normals(16 * CHANNELS, 1));
const source: FeatureSource = {
  count: MAPS.length,
  batch: (indices) =>
    tf.tensor4d(Float32Array.from(indices.flatMap((i) => [...MAPS[i]!])), [indices.length, 4, 4, CHANNELS]),
};

async function trained(model: Partial<ModelConfig>, config: Partial<TrainConfig>) {
  const grid = BiGrid.create({ ...MODEL, ...model }, TRAIN.seed);
  await train(grid, source, { ...TRAIN, ...config }, new TrainControl(), () => {});
  return grid;
}

async function valuesOf(model: BiGrid): Promise<Record<string, Float32Array>> {
  const entries = model.parameters.map(async ({ name, variable }) => [name, (await variable.data()).slice()]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, Float32Array>;
}

/** Rows of C numbers, one a cell. */
const cellsOf = (values: ArrayLike<number>) =>
  Array.from({ length: values.length / CHANNELS }, (_, i) =>
    Array.from({ length: CHANNELS }, (_, c) => values[i * CHANNELS + c]!),
  );

/** One cell's |d|, and its sim = 0.3 i + 0.7 c, in double precision. */
function reference(phi: number[], x: number[], near: number) {
  const squares = phi.reduce((sum, value, c) => sum + (x[c]! - value) ** 2, 0);
  const dot = phi.reduce((sum, value, c) => sum + value * x[c]!, 0);
  const cosine = dot / (Math.hypot(...phi) * Math.hypot(...x));
  return {
    distance: Math.sqrt(squares),
    sim: 0.3 * Number(squares / phi.length <= near) + 0.7 * cosine,
  };
}

describe.each(['cpu', 'wasm'])('GRAD’s readings on %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') expect(await startProcessor()).toBe(true);
    await tf.setBackend(backend);
  });

  describe('how the map is read', () => {
    it('takes k as the quantile of the training errors, and adds map and channel 0 standardised', async () => {
      const model = await trained({ gate: 'sum' }, { nearQuantile: 90 });
      const phi = source.batch([0, 1, 2, 3, 4, 5]);
      const branches = model.branches(phi);
      const rebuilt = cellsOf(await model.fuse(branches).data());
      const seen = cellsOf(await phi.data());
      const errors = seen.map((cell, i) => reference(cell, rebuilt[i]!, 0).distance ** 2 / CHANNELS);
      // Of 96 sorted numbers 90 % lies at place 85.5.
      const sorted = [...errors].sort((a, b) => a - b);
      const near = (Math.sqrt(sorted[85]!) + Math.sqrt(sorted[86]!)) ** 2 / 4;
      expect(model.reading.near / near).toBeCloseTo(1, 5);
      const refined = seen.map((cell, i) => {
        const { distance, sim } = reference(cell, rebuilt[i]!, model.reading.near);
        return Math.abs(1 - sim) * distance;
      });
      const scores = cellsOf(await branches.abnormal!.data()).map(([first]) => first!);
      const standard = (values: number[]) => {
        const { mean, deviation } = standardOf(Float64Array.from(values));
        return values.map((value) => (value - mean) / deviation);
      };
      const added = standard(scores).map((value, i) => value + standard(refined)[i]!);
      expectClose(await fusedMap(model, phi, branches, { refine: true }).data(), added);
      model.dispose();
    });

    it('lets nothing be pulled towards the input where the branch is sure', async () => {
      const model = BiGrid.create({ ...MODEL, gate: 'refine' }, 2);
      const phi = source.batch([0, 1]);
      const branches = model.branches(phi);
      // Far below the margin, between, and far above.
      branches.abnormal = branches.abnormal!.mul<tf.Tensor4D>(3);
      const rebuilt = cellsOf(await model.fuse(branches).data());
      const scores = cellsOf(await branches.abnormal.data());
      const expected = cellsOf(await phi.data()).map((cell, i) => {
        const { distance, sim } = reference(cell, rebuilt[i]!, 10);
        const gate = Math.min(1, Math.max(0, scores[i]![0]! + 0.5));
        return (1 - sim * (1 - gate)) * distance;
      });
      expectClose(await fusedMap(model, phi, branches, { refine: true }).data(), expected);
      model.dispose();
    });

    it('comes back from its file, and is the public code’s where a file does not say', async () => {
      const model = await trained({ gate: 'sum', coordinates: 'own' }, { nearQuantile: 99 });
      const { model: again } = loadModel(await saveModel(model));
      expect(again.reading).toEqual(model.reading);
      expect(again.config).toEqual(model.config);
      const plain = await trained({}, {});
      expect(loadModel(await saveModel(plain)).model.reading).toEqual({ near: 10, sum: null });
    });
  });

  it('loses after the refinement what PyTorch’s formula does, with its slope', async () => {
    const [phi, x] = [MAPS[0]!, MAPS[1]!].map((map) => [...map].map((value) => 2.5 * value));
    const loss = (values: { x?: number[] }) => {
      const rebuilt = cellsOf(values.x!);
      const cells = cellsOf(phi!).map((cell, i) => reference(cell, rebuilt[i]!, 10));
      return cells.reduce((sum, { distance, sim }) => sum + ((1 - sim) * distance) ** 2, 0) / phi!.length;
    };
    const shape: [number, number, number, number] = [1, 4, 4, CHANNELS];
    const variable = tf.tensor4d(x!, shape);
    const { value, grad } = tf.valueAndGrad((rebuilt) =>
      refinedLoss(tf.tensor4d(phi!, shape), rebuilt as tf.Tensor4D),
    )(variable);
    expectClose(await value.data(), [loss({ x: x! })], { rtol: 1e-5, atol: 0 });
    expectClose(await grad.data(), numericGradient(loss as never, { x: x! })['x']!, {
      rtol: 1e-3,
      atol: 1e-5,
    });
  });

  describe('blocks', () => {
    const draw = (config: Partial<TrainConfig>, deviations?: tf.Tensor1D) =>
      drawAnomalies(source, [0, 1, 2, 3], { ...TRAIN, ...config, deviations }, Random.stream(4, 'fbp'));

    it('go in a random direction, each channel by its own deviation', async () => {
      const deviations = await deviationsOf(source, 4);
      for (const [c, deviation] of deviations.entries()) {
        const values = MAPS.flatMap((map) => [...map].filter((_, i) => i % CHANNELS === c));
        expect(deviation / standardOf(Float64Array.from(values)).deviation).toBeCloseTo(1, 5);
      }
      const silent = tf.tensor1d([1, 0, 2, 1]);
      const { phi, mask } = draw({ direction: 'random', sigma: 99 }, silent);
      const change = cellsOf(await phi.sub(source.batch([0, 1, 2, 3])).data());
      const marked = await mask.data();
      const inside = change.filter((_, i) => marked[i] === 1);
      expect(inside.length).toBeGreaterThan(0);
      // Not the same shift in every channel, none in a channel that never varies.
      for (const [a, b, c] of inside) {
        expect(b).toBe(0);
        expect(Math.abs(a! - c!)).toBeGreaterThan(1e-4);
      }
    });

    it('swap features in from another image and leave the rest', async () => {
      const { phi, mask } = draw({ direction: 'swap' });
      const change = cellsOf(await phi.sub(source.batch([0, 1, 2, 3])).data());
      const marked = await mask.data();
      expect(change.some((cell, i) => marked[i] === 1 && Math.hypot(...cell) > 0.1)).toBe(true);
      expect(change.filter((cell) => Math.hypot(...cell) < 1e-6).length).toBeGreaterThan(8);
    });

    it('keep their masks’ cells, elsewhere, when shuffled', async () => {
      const { phi, mask } = draw({ masks: 'shuffled' });
      const told = draw({});
      expectClose(await phi.data(), await told.phi.data(), { atol: 0, rtol: 0 });
      const [moved, truth] = [await mask.data(), await told.mask.data()];
      expect([...moved].sort()).toEqual([...truth].sort());
      expect(moved).not.toEqual(truth);
    });
  });

  describe('stages', () => {
    it('leave the whole abnormal branch alone when it is frozen, and give each grid its coordinates', async () => {
      const config = { freeze: 'branch', loss: 'after', direction: 'random' } as const;
      const [shared, first] = [await trained({}, { epochs: [1, 0] }), await trained({ coordinates: 'copied' }, { ...config, direction: 'ones', epochs: [1, 0] })]; // prettier-ignore
      const [before, after1] = [await valuesOf(shared), await valuesOf(first)];
      // Stage 1 is that of shared coordinates, whatever they are called.
      expectClose(after1['abnormal.coordinates.local.output.weight']!, before['coordinates.local.output.weight']!, { rtol: 1e-5, atol: 1e-7 }); // prettier-ignore
      const both = await trained({ coordinates: 'copied' }, { ...config, direction: 'ones' });
      const after2 = await valuesOf(both);
      for (const name of Object.keys(after2).filter((each) => each.startsWith('abnormal.')))
        expect(tf.util.arraysEqual(after2[name]!, after1[name]!), name).toBe(true);
      const moved = after2['coordinates.local.output.weight']!;
      expect(tf.util.arraysEqual(moved, after1['coordinates.local.output.weight']!)).toBe(false);
      const away = moved.map((value, i) => Math.abs(value - after1['abnormal.coordinates.local.output.weight']![i]!)); // prettier-ignore
      // Two steps of at most the learning rate from where stage 1 ended.
      expect(Math.max(...away)).toBeLessThan(3e-3);
      for (const model of [shared, first, both]) model.dispose();
    });

    it('end early on a plateau', async () => {
      const grid = BiGrid.create(MODEL, TRAIN.seed);
      // So small a rate gains nothing: two epochs and two, then a tenth of the rate, and the end.
      const still = { ...TRAIN, learningRate: 1e-9, gridLearningRate: 1e-9, jitter: 'shared' } as const;
      const config = { ...still, epochs: [0, 40] as const, plateau: 2 };
      const { losses, outcome } = await train(grid, source, config, new TrainControl(), () => {});
      expect(outcome).toBe('finished');
      expect(losses[2].length).toBeLessThan(40);
      expect(losses[2].length).toBeGreaterThanOrEqual(2 * 8);
      grid.dispose();
    });

    it('train own coordinates and random directions, and leave no tensor', async () => {
      const before = tf.memory().numTensors;
      const model = await trained({ coordinates: 'own' }, { direction: 'random', loss: 'after', nearQuantile: 99 }); // prettier-ignore
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

describe('what the options mean', () => {
  const options = (changes: Partial<GradOptions>): GradOptions => ({
    ...defaultsOf(GRAD_ROWS),
    ...{ method: 'grad', seed: 0 },
    ...changes,
  });
  const shape = { height: 4, width: 4, channels: CHANNELS };
  const modelOf = (changes: Partial<GradOptions>) => modelConfig(options(changes), shape);

  it('hears a frozen branch of its own coordinates where real defects taught it, else the paper’s reading', () => {
    expect(modelOf({})).not.toHaveProperty('gate');
    expect(modelOf({})).not.toHaveProperty('coordinates');
    expect(modelOf({ anomalySource: 'masks' })).toMatchObject({ gate: 'sum', coordinates: 'own' });
    expect(trainConfig(options({ anomalySource: 'masks' }), 1).freeze).toBe('branch');
    expect(trainConfig(options({ anomalySource: 'masks', gradFreeze: 'table' }), 1).freeze).toBe('table');
    expect(modelOf({ method: 'normal-grid', anomalySource: 'masks' })).not.toHaveProperty('gate');
  });

  it('counts intensities in sigma or in the features’ own unit', () => {
    const range = { fbpIntensityMin: 8, fbpIntensityMax: 16 };
    expect(trainConfig(options(range), 0.5).fbpIntensity).toEqual([8, 16]);
    expect(trainConfig(options({ ...range, fbpUnit: 'raw' }), 0.5).fbpIntensity).toEqual([16, 32]);
  });

  it('gives the normal grid about as many parameters as GRAD on request', async () => {
    await tf.setBackend('cpu');
    const countOf = (changes: Partial<GradOptions>) => {
      const model = BiGrid.create(modelOf(changes), 0);
      const count = model.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
      model.dispose();
      return count;
    };
    const share = countOf({ method: 'normal-grid', gridWidth: 'double' }) / countOf({});
    expect(share).toBeGreaterThan(0.95);
    expect(share).toBeLessThan(1.3);
  });

  it('takes quantiles as NumPy does', () => {
    const values = Float64Array.of(4, 1, 3, 2);
    expect([0, 0.5, 0.99, 1].map((share) => Number(quantile(values, share).toFixed(12)))).toEqual([
      1, 2.5, 3.97, 4,
    ]);
  });
});

describe('the near term', () => {
  it('is what 10 was, and moves with k', async () => {
    await tf.setBackend('cpu');
    const phi = tf.zeros<tf.Rank.R4>([1, 1, 1, 2]);
    const x = tf.tensor4d([4, 2], phi.shape);
    const at = async (near?: number) => (await distanceMap(phi, x, true, near).data())[0]!;
    expect(await at()).toBe(await at(10));
    expect((await at(10)) / (0.7 * Math.sqrt(20))).toBeCloseTo(1, 6);
    expect((await at(9.9)) / Math.sqrt(20)).toBeCloseTo(1, 6);
  });
});
