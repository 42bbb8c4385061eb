// The training loop on a tiny model: what it learns, what it leaves alone, that it repeats itself bit by bit, stops
// where it is told, and goes on from a checkpoint as if it had never stopped.
import { describe, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { describeAllBackends } from '../../../testing/gpu';
import { until } from '../../../testing/until';
import { BiGrid } from './biGrid';
import { loadModel } from './checkpoint';
import type { ModelConfig, TrainConfig } from './config';
import { NothingToTrain, TrainingDiverged } from '../../nn/errors';
import { Random } from '../../nn/random';
import { TrainControl } from '../../nn/control';
import type { FeatureSource } from './anomalies';
import { train, type TrainProgress } from './trainer';

const MODEL: ModelConfig = {
  ...{ method: 'grad', fusion: 'w', lambda: 0.8, decoder: 'mobile', blocks: 1, expansion: 1 },
  ...{ channels: 4, height: 4, width: 4, localGrid: 4, globalGrid: 2 },
};
const TRAIN: TrainConfig = {
  ...{ seed: 3, epochs: [2, 2], batch: 4, learningRate: 1e-3, gridLearningRate: 0.1 },
  ...{ start: 'kaiming', contrastive: 'mean', jitter: 'branch' },
  ...{ direction: 'ones', masks: 'true', freeze: 'table', loss: 'before', plateau: 0, nearQuantile: null },
  ...{ anomalySource: 'fbp', anomalyNoise: 0.04, fbpRecipe: 'per-image', fbpIntensity: [4, 8], sigma: 1 },
};

/** Six random feature maps; remembers which batches were asked for. */
function source(fill?: number): FeatureSource & { asked: number[][] } {
  const random = Random.stream(9, 'features');
  const maps = Array.from({ length: 6 }, () => random.normals(64, 1));
  const asked: number[][] = [];
  const batch = (indices: readonly number[]) => {
    asked.push([...indices]);
    const values = new Float32Array(indices.length * 64);
    indices.forEach((index, i) => values.set(maps[index]!, i * 64));
    return tf.tensor4d(fill === undefined ? values : values.fill(fill), [indices.length, 4, 4, 4]);
  };
  return { count: 6, batch, asked };
}

async function valuesOf(model: BiGrid): Promise<Record<string, Float32Array>> {
  const entries = model.parameters.map(async ({ name, variable }) => [name, (await variable.data()).slice()]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, Float32Array>;
}

/** Trains a fresh model; returns it with its result and reports. */
async function trained(model: Partial<ModelConfig> = {}, config: Partial<TrainConfig> = {}) {
  const grid = BiGrid.create({ ...MODEL, ...model }, config.seed ?? TRAIN.seed);
  const reports: TrainProgress[] = [];
  const control = new TrainControl();
  const result = await train(grid, source(), { ...TRAIN, ...config }, control, (r) => reports.push(r));
  return { grid, result, reports };
}

describeAllBackends('train', () => {
  describe('learning', () => {
    it('brings both losses down', async () => {
      const { grid, result } = await trained({}, { epochs: [15, 15] });
      for (const losses of [result.losses[1], result.losses[2]]) {
        const mean = (part: number[]) => part.reduce((sum, loss) => sum + loss, 0) / part.length;
        expect(mean(losses.slice(-4))).toBeLessThan(0.8 * mean(losses.slice(0, 4)));
      }
      grid.dispose();
    });

    it('uses every image once an epoch, in an order of its own, the last batch being smaller', async () => {
      const model = BiGrid.create(MODEL, 0);
      const images = source();
      await train(model, images, TRAIN, new TrainControl(), () => {});
      expect(images.asked.map((batch) => batch.length)).toEqual([4, 2, 4, 2, 4, 2, 4, 2]);
      const epochs = [0, 2, 4, 6].map((i) => images.asked.slice(i, i + 2).flat());
      for (const epoch of epochs) expect([...epoch].sort()).toEqual([0, 1, 2, 3, 4, 5]);
      expect(new Set(epochs.map(String)).size).toBeGreaterThan(1);
      model.dispose();
    });

    it('changes in stage 1 only the abnormal branch and the coordinates', async () => {
      const model = BiGrid.create(MODEL, TRAIN.seed);
      const before = await valuesOf(model);
      await train(model, source(), { ...TRAIN, epochs: [1, 0] }, new TrainControl(), () => {});
      const after = await valuesOf(model);
      for (const name of Object.keys(before)) {
        const changes = name.startsWith('abnormal.') || name.startsWith('coordinates.');
        expect(tf.util.arraysEqual(after[name]!, before[name]!), name).toBe(!changes);
      }
      model.dispose();
    });

    it('changes in stage 2 everything but the abnormal tables', async () => {
      const model = BiGrid.create(MODEL, TRAIN.seed);
      const before = await valuesOf(model);
      await train(model, source(), { ...TRAIN, epochs: [0, 1] }, new TrainControl(), () => {});
      const after = await valuesOf(model);
      for (const name of Object.keys(before)) {
        const frozen = name.startsWith('abnormal.grid.');
        expect(tf.util.arraysEqual(after[name]!, before[name]!), name).toBe(frozen);
      }
      model.dispose();
    });

    it.each([
      ['normal-grid', [0, 4]],
      ['abnormal-grid', [4, 0]],
    ] as const)('runs only the stage that %s has', async (method, steps) => {
      const { grid, result } = await trained({ method });
      expect([result.losses[1].length, result.losses[2].length]).toEqual(steps);
      grid.dispose();
    });

    it('trains with a fixed lambda and with the basic decoder', async () => {
      const { grid, result } = await trained({ fusion: 'lambda', decoder: 'basic' });
      expect(result.losses[2]).toHaveLength(4);
      expect(await grid.fusionValue()).toBe(0.8);
      grid.dispose();
    });
  });

  describe('repeating', () => {
    it('gives the same bits for the same seed, others for another', async () => {
      const [first, second, other] = [await trained(), await trained(), await trained({}, { seed: 4 })];
      expect(await valuesOf(second.grid)).toEqual(await valuesOf(first.grid));
      expect(second.result.losses).toEqual(first.result.losses);
      expect(other.result.losses).not.toEqual(first.result.losses);
      for (const { grid } of [first, second, other]) grid.dispose();
    });

    it.each([1, 5])('goes on bit by bit from a checkpoint after %i steps', async (steps) => {
      const straight = await trained();
      const model = BiGrid.create(MODEL, TRAIN.seed);
      const control = new TrainControl({ paused: true });
      let done = 0;
      const run = train(model, source(), TRAIN, control, ({ step }) => (done = step));
      for (let i = 0; i < steps; i++) control.step();
      await until(() => done === steps);
      const file = await control.checkpoint();
      control.cancel();
      await run;
      const { model: restored, state } = loadModel(file);
      const result = await train(restored, source(), state!.config, new TrainControl(), () => {}, state!);
      expect(await valuesOf(restored)).toEqual(await valuesOf(straight.grid));
      expect(result.losses).toEqual(straight.result.losses);
      for (const grid of [straight.grid, model, restored]) grid.dispose();
    });
  });

  describe('control', () => {
    it('reports every step and ends with all of them', async () => {
      const { grid, reports, result } = await trained();
      const last = reports.at(-1)!;
      expect([last.stage, last.epoch, last.epochs, last.step, last.steps]).toEqual([2, 2, 2, 8, 8]);
      expect(reports.flatMap((report) => report.losses)).toEqual([...result.losses[1], ...result.losses[2]]);
      grid.dispose();
    });

    it('runs single steps while paused and the rest after resume', async () => {
      const model = BiGrid.create(MODEL, 0);
      const control = new TrainControl({ paused: true });
      const steps: number[] = [];
      const run = train(model, source(), TRAIN, control, ({ step }) => steps.push(step));
      control.step();
      await until(() => steps.length === 1);
      control.step();
      await until(() => steps.length === 2);
      expect(steps).toEqual([1, 2]);
      control.resume();
      expect((await run).outcome).toBe('finished');
      model.dispose();
    });

    it('stops where it is cancelled and keeps what it has learned', async () => {
      const model = BiGrid.create(MODEL, 0);
      const before = await valuesOf(model);
      const control = new TrainControl({ paused: true });
      const run = train(model, source(), TRAIN, control, () => control.cancel());
      control.step();
      const result = await run;
      expect([result.outcome, result.losses[1].length]).toEqual(['cancelled', 1]);
      expect(await valuesOf(model)).not.toEqual(before);
      model.dispose();
    });

    it('answers for a checkpoint that was asked for at the very end', async () => {
      const model = BiGrid.create(MODEL, 0);
      const control = new TrainControl();
      const files: Promise<ArrayBuffer>[] = [];
      await train(model, source(), { ...TRAIN, epochs: [1, 0] }, control, ({ step, steps }) => {
        if (step === steps) files.push(control.checkpoint());
      });
      const { model: saved, state } = loadModel((await files[0])!);
      expect(state).toBeNull();
      expect(await valuesOf(saved)).toEqual(await valuesOf(model));
      for (const grid of [model, saved]) grid.dispose();
    });

    it('leaves no tensor behind, whether it ends or is cancelled', async () => {
      const counts: number[] = [];
      for (const epochs of [
        [1, 1],
        [2, 2],
      ] as const) {
        const { grid } = await trained({}, { epochs });
        counts.push(tf.memory().numTensors);
        grid.dispose();
        counts.push(tf.memory().numTensors);
      }
      expect(counts[2]).toBe(counts[0]);
      expect(counts[3]).toBe(counts[1]);
    });
  });

  describe('failing', () => {
    it('says so when the loss is no number', async () => {
      const model = BiGrid.create(MODEL, 0);
      const run = train(model, source(NaN), TRAIN, new TrainControl(), () => {});
      await expect(run).rejects.toThrow(TrainingDiverged);
      model.dispose();
    });

    it('says so when there is nothing to train on', async () => {
      const model = BiGrid.create(MODEL, 0);
      const run = train(model, { ...source(), count: 0 }, TRAIN, new TrainControl(), () => {});
      await expect(run).rejects.toThrow(NothingToTrain);
      model.dispose();
    });
  });
});
