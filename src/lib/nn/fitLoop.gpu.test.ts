// The rival methods' training loop on a straight line: that it learns, repeats itself bit by bit, obeys the reins, and
// leaves nothing behind; and the arithmetic of Adam with its two kinds of decay against plain loops.
import { expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import { defaultParams } from '../../settings/table';
import { describeBackends } from '../../testing/gpu';
import { expectClose } from '../../testing/golden';
import { NothingToTrain, TrainingDiverged } from '../methods/grad/errors';
import { constant } from './initialise';
import { drawn, ParameterScope } from './parameters';
import { Random } from './random';
import { TrainControl } from './control';
import { GroupedAdam } from './adam';
import type { FitContext, FitProgress } from '../methods/detector';
import { epochsOf, fitLoop, type FitPlan } from './fitLoop';

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
  const context: FitContext = {
    source: { count, batch },
    shape: { height: 1, width: 1, channels: 2 },
    sigma: 0.5,
    params: { ...defaultParams(), seed },
    control: new TrainControl({ paused }),
    report: (progress) => reports.push(progress),
  };
  const plan: FitPlan = {
    groups: [{ parameters: scope.list, learningRate: 0.05 }],
    epochs: 3,
    batch: 2,
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
  const losses = await fitLoop(context, plan);
  const values = [...(await mean.data())];
  scope.dispose();
  return { losses: losses!, values, asked, reports };
}

describeBackends('fitLoop', () => {
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
    const [first, second, other] = [await fitted(), await fitted(), await fitted({}, 2)];
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
    const run = fitLoop(context, plan);
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
    await expect(fitLoop(broken.context, broken.plan)).rejects.toThrow(TrainingDiverged);
    const empty = setup({}, { count: 0 });
    await expect(fitLoop(empty.context, empty.plan)).rejects.toThrow(NothingToTrain);
    for (const { scope } of [broken, empty]) scope.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes the paper’s epochs unless the user names a number', () => {
    const { context, scope } = setup();
    expect(epochsOf(context, 160)).toBe(160);
    expect(epochsOf({ ...context, params: { ...context.params, methodEpochs: 3 } }, 160)).toBe(3);
    scope.dispose();
  });
});

describeBackends('GroupedAdam', () => {
  it.each([
    ['no decay', {}, undefined],
    ['AdamW’s decay', { weightDecay: 0.1 }, undefined],
    ['Adam’s own decay', { l2: 0.1 }, undefined],
    ['clipped gradients', { weightDecay: 0.1 }, 0.5],
  ])('follows torch with %s over three steps', async (_, decay, clipNorm) => {
    const scope = ParameterScope.root(drawn(0));
    const weight = scope.weight('weight', { shape: [3], draw: () => Float32Array.from([1, -2, 3]) });
    const adam = new GroupedAdam([{ parameters: scope.list, learningRate: 0.1, ...decay }], clipNorm);
    const gradients = [[1, -2, 3], [0.5, 0.5, -4], [2, 0, 1]]; // prettier-ignore
    for (const gradient of gradients) adam.apply([tf.tensor1d(gradient)]);
    expectClose(await weight.data(), plainAdam([1, -2, 3], gradients, { ...decay, clipNorm }), {
      rtol: 1e-5,
    });
    adam.dispose();
    scope.dispose();
  });

  it('gives each group its own rate and leaves statistics alone', async () => {
    const scope = ParameterScope.root(drawn(0));
    const [fast, slow] = ['fast', 'slow'].map((name) => scope.weight(name, constant([1], 0)));
    const statistic = scope.statistic('statistic', constant([1], 0));
    const [first, ...rest] = scope.list;
    const adam = new GroupedAdam([
      { parameters: [first!], learningRate: 0.1 },
      { parameters: rest, learningRate: 0.01 },
    ]);
    expect(adam.variables).toEqual([fast, slow]);
    adam.apply([tf.tensor1d([1]), tf.tensor1d([1])]);
    expectClose(await fast!.data(), [-0.1]);
    expectClose(await slow!.data(), [-0.01]);
    expectClose(await statistic.data(), [0]);
    adam.dispose();
    scope.dispose();
  });
});

/** torch.optim.Adam and AdamW, written from their documentation, rate 0.1. */
function plainAdam(
  start: number[],
  gradients: number[][],
  { weightDecay = 0, l2 = 0, clipNorm = Infinity }: { weightDecay?: number; l2?: number; clipNorm?: number },
): number[] {
  const [p, m, v] = [[...start], start.map(() => 0), start.map(() => 0)];
  gradients.forEach((gradient, i) => {
    const norm = Math.hypot(...gradient);
    const scale = Math.min(1, clipNorm / (norm + 1e-6));
    gradient.forEach((slope, k) => {
      const g = slope * scale + l2 * p[k]!;
      p[k]! *= 1 - 0.1 * weightDecay;
      m[k] = 0.9 * m[k]! + 0.1 * g;
      v[k] = 0.999 * v[k]! + 0.001 * g * g;
      const [mean, square] = [m[k]! / (1 - 0.9 ** (i + 1)), v[k]! / (1 - 0.999 ** (i + 1))];
      p[k]! -= (0.1 * mean) / (Math.sqrt(square) + 1e-8);
    });
  });
  return p;
}
