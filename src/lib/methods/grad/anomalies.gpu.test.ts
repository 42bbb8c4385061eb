// What stage 1 learns to find, from each source: features and masks of a batch, and a training on them that repeats
// itself and goes on from a checkpoint bit by bit.
import { describe, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { describeBackends } from '../../../testing/gpu';
import { expectClose } from '../../../testing/golden';
import { drawAnomalies, type FeatureSource } from './anomalies';
import { BiGrid } from './biGrid';
import { loadModel } from './checkpoint';
import type { ModelConfig, TrainConfig } from './config';
import type { AnomalySource } from './options';
import { Random } from '../../nn/random';
import { TrainControl } from '../../nn/control';
import { abnormalScore } from './stages';
import { train } from './trainer';

const MODEL: ModelConfig = {
  ...{ method: 'abnormal-grid', fusion: 'w', lambda: 0.8, decoder: 'mobile', blocks: 1, expansion: 1 },
  ...{ channels: 4, height: 4, width: 4, localGrid: 4, globalGrid: 2 },
};
const TRAIN: TrainConfig = {
  ...{ seed: 3, epochs: [3, 0], batch: 4, learningRate: 1e-3, gridLearningRate: 0.1 },
  ...{ start: 'kaiming', contrastive: 'mean', jitter: 'branch' },
  ...{ direction: 'ones', masks: 'true', freeze: 'table', loss: 'before', plateau: 0, nearQuantile: null },
  ...{ anomalySource: 'fbp', anomalyNoise: 0.5, fbpRecipe: 'per-image', fbpIntensity: [4, 8], sigma: 2 },
};
/** Of stage 1 alone, and enough to bring the loss down. */
const EPOCHS: [number, number] = [10, 0];
const SOURCES: AnomalySource[] = ['fbp', 'gaussian', 'cutpaste', 'perlin', 'masks', 'masks-fbp'];

/** Six random maps; two drawings of each, shifted in one corner. */
function source(): FeatureSource {
  const random = Random.stream(9, 'features');
  const maps = Array.from({ length: 6 }, () => random.normals(64, 1));
  const batch = (indices: readonly number[]) =>
    tf.tensor4d(Float32Array.from(indices.flatMap((i) => [...maps[i]!])), [indices.length, 4, 4, 4]);
  return {
    count: 6,
    batch,
    anomalous: (indices, draws) => {
      const corners = indices.map(() => (draws.coin() ? 15 : 0));
      const cells = corners.flatMap((corner) => Array.from({ length: 16 }, (_, i) => Number(i === corner)));
      const mask = tf.tensor3d(cells, [indices.length, 4, 4]);
      return { phi: batch(indices).add(mask.expandDims<tf.Tensor4D>(3)), mask };
    },
  };
}

/** The same, with defects that stand out. */
function defects(): FeatureSource {
  const { anomalous, ...rest } = source();
  return {
    ...rest,
    anomalous: (indices, draws) => {
      const { phi, mask } = anomalous!(indices, draws);
      return { phi: phi.add(mask.mul(4).expandDims<tf.Tensor4D>(3)), mask };
    },
  };
}

const draw = (anomalySource: AnomalySource) =>
  drawAnomalies(source(), [4, 1], { ...TRAIN, anomalySource }, Random.stream(1, 'fbp'));

async function trained(anomalySource: AnomalySource, epochs: [number, number] = [3, 0]) {
  const model = BiGrid.create(MODEL, TRAIN.seed);
  const config = { ...TRAIN, epochs, anomalySource };
  const { losses } = await train(model, source(), config, new TrainControl(), () => {});
  const values = await Promise.all(model.parameters.map(({ variable }) => variable.data()));
  const numbers = values.map((list) => Array.from(list));
  model.dispose();
  return { losses: losses[1], numbers };
}

describeBackends('drawAnomalies', () => {
  it('doubles the batch for noise: clean maps, then the same maps with noise of the set deviation', async () => {
    const { phi, mask } = draw('gaussian');
    const clean = source().batch([4, 1]);
    expect([phi.shape, mask.shape]).toEqual([[4, 4, 4, 4], [4, 4, 4]]); // prettier-ignore
    const [values, before] = [await phi.data(), await clean.data()];
    expectClose(values.slice(0, 128), before, { atol: 0 });
    expectClose(
      await mask.data(),
      Float32Array.from({ length: 64 }, (_, i) => Number(i >= 32)),
    );
    const noise = Array.from(values.slice(128), (value, i) => value - before[i]!);
    const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
    expect(deviation).toBeGreaterThan(0.8);
    expect(deviation).toBeLessThan(1.2);
  });

  it('pastes blocks under the mask and its blurred rim alone', async () => {
    const { phi, mask } = draw('fbp');
    const change = phi
      .sub(source().batch([4, 1]))
      .abs()
      .max(3);
    const [changed, marked] = [await change.data(), await mask.data()];
    expect(marked.some((value) => value === 1)).toBe(true);
    marked.forEach((value, i) => value === 1 && expect(changed[i]).toBeGreaterThan(0.5));
  });

  it('puts real anomalies beside clean maps, or beside maps with blocks', async () => {
    const clean = await source().batch([4, 1]).data();
    for (const anomalySource of ['masks', 'masks-fbp'] as const) {
      const { phi, mask } = draw(anomalySource);
      expect([phi.shape, mask.shape]).toEqual([[4, 4, 4, 4], [4, 4, 4]]); // prettier-ignore
      const [values, marks] = [await phi.data(), await mask.data()];
      const untouched = clean.every((value, i) => value === values[i]);
      expect([untouched, marks.slice(0, 32).includes(1)]).toEqual(
        anomalySource === 'masks' ? [true, false] : [false, true],
      );
      // Each real one differs from the clean map where its mask is.
      const marked = [...marks.slice(32)].flatMap((value, i) => (value === 1 ? [i] : []));
      expect(marked).toHaveLength(2);
      for (const cell of marked) expect(values[128 + 4 * cell]).toBeCloseTo(clean[4 * cell]! + 1, 5);
    }
  });

  it('asks the source for anomalies on images, and says so when it draws none', async () => {
    expectClose(await draw('cutpaste').mask.sum().data(), [2]);
    const { count, batch } = source();
    const ask = () =>
      drawAnomalies({ count, batch }, [0], { ...TRAIN, anomalySource: 'perlin' }, Random.stream(1, 'fbp'));
    expect(ask).toThrow(/has no anomalies on images/);
  });
});

describeBackends('stage 1', (backend) => {
  // Training is the same for all; what draws them was looked at above, on both.
  const sources = backend === 'cpu' ? SOURCES : SOURCES.filter((name) => name.endsWith('fbp'));

  it('learns from real masks to raise channel 0 where the defects are, and nowhere else', async () => {
    const model = BiGrid.create(MODEL, TRAIN.seed);
    const before = tf.memory().numTensors;
    const config = { ...TRAIN, epochs: [30, 0] as const, anomalySource: 'masks' as const, batch: 6 };
    await train(model, defects(), config, new TrainControl(), () => {});
    const [score, mask] = tf.tidy(() => {
      const look = defects().anomalous!([0, 1, 2], Random.stream(7, 'look'));
      return [abnormalScore(model.abnormalBranch(look.phi)), look.mask] as const;
    });
    const [values, marks] = [await score.data(), await mask.data()];
    const meanOf = (mark: number) => {
      const of = [...values].filter((_, i) => marks[i] === mark);
      return of.reduce((sum, value) => sum + value, 0) / of.length;
    };
    expect(meanOf(1)).toBeGreaterThan(0);
    expect(meanOf(0)).toBeLessThan(0);
    tf.dispose([mask, score]);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  describe.each(sources)('on %s', (anomalySource) => {
    it('brings the loss down, repeats itself and leaves no tensor', async () => {
      const before = tf.memory().numTensors;
      const { losses, numbers } = await trained(anomalySource, EPOCHS);
      const mean = (part: number[]) => part.reduce((sum, loss) => sum + loss, 0) / part.length;
      expect(mean(losses.slice(-4))).toBeLessThan(mean(losses.slice(0, 4)));
      expect(await trained(anomalySource, EPOCHS)).toEqual({ losses, numbers });
      expect(tf.memory().numTensors).toBe(before);
    });

    it('goes on bit by bit from a checkpoint', async () => {
      const straight = await trained(anomalySource);
      const model = BiGrid.create(MODEL, TRAIN.seed);
      const control = new TrainControl({ paused: true });
      for (let i = 0; i < 3; i++) control.step();
      const config = { ...TRAIN, anomalySource };
      const run = train(model, source(), config, control, ({ step }) => void (step === 3 && held()));
      let held = () => {};
      await new Promise<void>((resolve) => (held = resolve));
      const file = await control.checkpoint();
      control.cancel();
      await run;
      const { model: restored, state } = loadModel(file);
      const result = await train(restored, source(), state!.config, new TrainControl(), () => {}, state!);
      expect(result.losses[1]).toEqual(straight.losses);
      for (const grid of [model, restored]) grid.dispose();
    });
  });
});
