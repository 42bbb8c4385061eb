// Fits by gradient on a straight line: that it learns, repeats itself bit by bit, obeys its control, and
// leaves nothing behind.
import { expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import { describeAllBackends } from '../../testing/gpu';
import { NothingToTrain, TrainingDiverged } from './errors';
import { constant } from './initialise';
import { drawn, ParameterScope } from './parameters';
import { Random } from './random';
import { TrainControl } from './control';
import { learn, type FitPlan, type FitProgress, type FitWork } from './fit';

/** Five 1 x 1 x 2 inputs; a fit learns their mean. */
function setup(change: Partial<FitPlan> = {}, { seed = 1, fill = NaN, count = 5, paused = false } = {}) {
  const scope = ParameterScope.root(drawn(seed));
  const mean = scope.weight<tf.Rank.R1>('mean', constant([2], 0));
  const values = Random.stream(4, 'inputs').normals(10, 1);
  const asked: number[][] = [];
  const batch = (indices: readonly number[]) => {
    asked.push([...indices]);
    const cells = indices.flatMap((i) => [values[2 * i]!, values[2 * i + 1]!]);
    return tf.tensor4d(Number.isNaN(fill) ? cells : cells.fill(fill), [indices.length, 1, 1, 2]);
  };
  const reports: FitProgress[] = [];
  const context: FitWork = {
    source: { count, batch },
    seed,
    batch: 2,
    control: new TrainControl({ paused }),
    report: (progress) => reports.push(progress),
  };
  const plan: FitPlan = {
    groups: [{ parameters: scope.list, learningRate: 0.05 }],
    epochs: 3,
    loss: (input, random) => {
      const noise = random('noise').normal() * 1e-3;
      return input.sub(mean).add(noise).square().mean().asScalar();
    },
    ...change,
  };
  return { scope, mean, asked, reports, context, plan };
}

async function fitted(change: Partial<FitPlan> = {}, seed = 1) {
  const { scope, mean, asked, reports, context, plan } = setup(change, { seed });
  const losses = await learn(context, plan);
  const values = [...(await mean.data())];
  scope.dispose();
  return { losses: losses!, values, asked, reports };
}

describeAllBackends('learn', () => {
  it('brings the loss down', async () => {
    const { losses } = await fitted({ epochs: 20 });
    expect(losses).toHaveLength(60);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  it('uses every input once an epoch, in an order of its own, the last batch being smaller', async () => {
    const { asked } = await fitted();
    expect(asked.map((batch) => batch.length)).toEqual([2, 2, 1, 2, 2, 1, 2, 2, 1]);
    const epochs = [0, 3, 6].map((i) => asked.slice(i, i + 3).flat());
    for (const epoch of epochs) expect([...epoch].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(epochs.map(String)).size).toBeGreaterThan(1);
  });

  it('gives the same bits for the same seed, others for another', async () => {
    // How losses are grouped in reports depends on the time they take.
    const bits = async (seed: number) => {
      const { losses, values, asked } = await fitted({}, seed);
      return { losses, values, asked };
    };
    const [first, second, other] = [await bits(1), await bits(1), await bits(2)];
    expect(second).toEqual(first);
    expect(other.losses).not.toEqual(first.losses);
  });

  it('reports every loss, and counts the steps of earlier phases', async () => {
    const { losses, reports } = await fitted({ stepsBefore: 4 });
    expect(reports.flatMap((report) => report.losses)).toEqual(losses);
    expect(reports.at(-1)).toMatchObject({ phase: 'epoch 3 of 3', step: 13, steps: 13 });
  });

  it('follows the schedule of learning rates', async () => {
    const { values } = await fitted({ schedule: (epoch) => Number(epoch === 0) });
    const { values: oneEpoch } = await fitted({ epochs: 1 });
    expect(values).toEqual(oneEpoch);
  });

  it('runs single steps while paused, and gives null when cancelled, leaving no tensor', async () => {
    const before = tf.memory().numTensors;
    const { scope, asked, reports, context, plan } = setup({}, { paused: true });
    const run = learn(context, plan);
    context.control.step();
    while (reports.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked).toHaveLength(1);
    await expect(Promise.all([context.control.checkpoint(), null])).rejects.toThrow(/saved/);
    context.control.cancel();
    expect(await run).toBeNull();
    scope.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensor when it ends', async () => {
    const before = tf.memory().numTensors;
    await fitted();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says so when the loss is no number, and when there is nothing to learn from', async () => {
    const before = tf.memory().numTensors;
    const broken = setup({}, { fill: Infinity });
    await expect(learn(broken.context, broken.plan)).rejects.toThrow(TrainingDiverged);
    const empty = setup({}, { count: 0 });
    await expect(learn(empty.context, empty.plan)).rejects.toThrow(NothingToTrain);
    for (const { scope } of [broken, empty]) scope.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
