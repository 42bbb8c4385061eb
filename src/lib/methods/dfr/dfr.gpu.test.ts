// DFR against its own arithmetic in double precision (forward, loss, gradient, one step of its optimiser), its latent
// width against features of known rank, and what every method must do.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { fitWorld, throughFile } from '../../../testing/fitWorld';
import { describeBackends } from '../../../testing/gpu';
import { expectClose } from '../../../testing/golden';
import {
  batchNormRows,
  firstAdamStep,
  linearRows,
  mapRows,
  mean,
  numericGradient,
  type Rows,
  type Values,
} from '../../../testing/reference64';
import { BadModelFile } from '../errors';
import { NothingToTrain, TrainingDiverged } from '../../nn/errors';
import { drawn, ParameterScope } from '../../nn/parameters';
import { Random } from '../../nn/random';
import { dfr, FeatureAutoEncoder, layerWidths } from '.';

const [BATCH, SIDE, CHANNELS, LATENT] = [2, 2, 4, 1];
const SHAPE: [number, number, number, number] = [BATCH, SIDE, SIDE, CHANNELS];
const phi = Random.stream(1, 'phi').normals(BATCH * SIDE * SIDE * CHANNELS, 1);

const rowsOf = (values: ArrayLike<number>): Rows =>
  Array.from({ length: values.length / CHANNELS }, (_, i) =>
    Array.from({ length: CHANNELS }, (_, c) => values[i * CHANNELS + c]!),
  );

function rebuilt(p: Values, input: Rows): Rows {
  return [0, 1, 2, 3, 4, 5].reduce((x, i) => {
    const y = linearRows(x, p[`layers.${i}.weight`]!, p[`layers.${i}.bias`]);
    if (i === 2 || i === 5) return y;
    const norm = `layers.${i}.normalisation`;
    return mapRows(batchNormRows(y, p[`${norm}.scale`]!, p[`${norm}.shift`]!), (z) => Math.max(z, 0));
  }, input);
}

const referenceLoss =
  (input: ArrayLike<number>) =>
  (p: Values): number => {
    const rows = rowsOf(input);
    return mean(rebuilt(p, rows).flatMap((row, i) => row.map((value, c) => (value - rows[i]![c]!) ** 2)));
  };

async function trainedValues(scope: ParameterScope): Promise<Values> {
  const trained = scope.list.filter(({ role }) => role !== 'statistic');
  const entries = trained.map(async ({ name, variable }) => [name, Array.from(await variable.data())]);
  return Object.fromEntries(await Promise.all(entries)) as Values;
}

describeBackends('DFR against double precision', () => {
  it('has the paper’s widths', () => {
    expect(layerWidths(3456, 100)).toEqual([3456, 1828, 200, 100, 200, 1828, 3456]);
    expect(layerWidths(5, 1)).toEqual([5, 3, 2, 1, 2, 3, 5]);
  });

  it('has the reference’s output, loss and gradients', async () => {
    const scope = ParameterScope.root(drawn(5));
    const network = new FeatureAutoEncoder(scope, CHANNELS, LATENT);
    const values = await trainedValues(scope);
    const input = tf.tensor4d(phi, SHAPE);
    expectClose(await network.rebuild(input, true).data(), rebuilt(values, rowsOf(phi)).flat(), {
      rtol: 1e-4,
    });
    const { value, grads } = tf.variableGrads(() => network.loss(input));
    const loss = referenceLoss(phi);
    expectClose(await value.data(), [loss(values)], { rtol: 1e-5 });
    const expected = numericGradient(loss, values);
    for (const { name, variable, role } of scope.list) {
      if (role === 'statistic') continue;
      expectClose(await grads[variable.name]!.data(), expected[name]!, { rtol: 1e-3, atol: 2e-6 });
    }
    scope.dispose();
  });

  it('maps the squared error of every position, averaged over channels', async () => {
    const scope = ParameterScope.root(drawn(5));
    const network = new FeatureAutoEncoder(scope, CHANNELS, LATENT);
    const input = tf.tensor4d(phi, SHAPE);
    const [x, y] = [rowsOf(phi), rowsOf(await network.rebuild(input, false).data())];
    const map = network.error(input);
    expect(map.shape).toEqual([BATCH, SIDE, SIDE]);
    expectClose(
      await map.data(),
      x.map((row, i) => mean(row.map((value, c) => (value - y[i]![c]!) ** 2))),
    );
    scope.dispose();
  });

  it('takes Adam’s first step with the paper’s rate and no decay', async () => {
    const { context, maps } = fitWorld({
      ...{ count: BATCH, height: SIDE, width: SIDE, channels: CHANNELS, seed: 3 },
      params: { methodEpochs: 1 },
    });
    const detector = (await dfr.fit(context))!;
    const order = Random.stream(3, 'order').permutation(BATCH);
    const scope = ParameterScope.root(drawn(3));
    new FeatureAutoEncoder(scope, CHANNELS, detector.config['latent'] as number);
    const before = await trainedValues(scope);
    const gradients = numericGradient(referenceLoss(order.flatMap((i) => [...maps[i]!])), before);
    const after = await throughFile(detector);
    for (const [name, values] of Object.entries(before)) {
      values.forEach((value, i) => {
        const gradient = gradients[name]![i]!;
        // Adam turns a slope of rounding errors into a whole step.
        if (Math.abs(gradient) < 1e-4) return;
        expect(after.get(name)!.data[i]!).toBeCloseTo(firstAdamStep(value, gradient, 1e-4), 6);
      });
    }
    detector.dispose();
    scope.dispose();
  });
});

describeBackends('DFR', () => {
  const settings = { params: { methodEpochs: 3 } };

  it('chooses its latent width by the variance of the features', async () => {
    const { context } = fitWorld({ ...settings, channels: 6, count: 12 });
    const { batch } = context.source;
    // Only two directions vary: channels 0 and 3.
    const mask = tf.tensor1d([1, 0, 0, 1, 0, 0]);
    const flat = (indices: readonly number[]) => tf.tidy(() => batch(indices).mul<tf.Tensor4D>(mask));
    const narrow = (await dfr.fit({ ...context, source: { count: 12, batch: flat } }))!;
    const wide = (await dfr.fit(context))!;
    expect(narrow.config).toEqual({ channels: 6, latent: 2 });
    expect(wide.config['latent']).toBeGreaterThan(4);
    for (const owner of [narrow, wide, mask]) owner.dispose();
  });

  it('learns, reports both phases in one count, and repeats itself', async () => {
    const long = { count: 4, params: { methodEpochs: 40 } };
    const { context, reports } = fitWorld(long);
    const first = (await dfr.fit(context))!;
    expect(reports.slice(0, 4).map(({ phase, step }) => [phase, step])).toEqual(
      [1, 2, 3, 4].map((step) => ['principal components', step]),
    );
    expect(reports[0]!.steps).toBe(44);
    expect(reports.at(-1)).toMatchObject({ phase: 'epoch 40 of 40', step: 44, steps: 44 });
    const losses = reports.flatMap((report) => report.losses);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    const again = (await dfr.fit(fitWorld(long).context))!;
    expect(await throughFile(again)).toEqual(await throughFile(first));
    for (const detector of [first, again]) detector.dispose();
  });

  it('comes back from a file with the same maps', async () => {
    const { context } = fitWorld(settings);
    const detector = (await dfr.fit(context))!;
    const restored = dfr.restore(detector.config, await throughFile(detector));
    const input = context.source.batch([0, 3]);
    expect(await restored.map(input).data()).toEqual(await detector.map(input).data());
    for (const owner of [detector, restored, input]) owner.dispose();
  });

  it('refuses a file that does not fit, leaving no tensor', async () => {
    const detector = (await dfr.fit(fitWorld(settings).context))!;
    const tensors = await throughFile(detector);
    const before = tf.memory().numTensors;
    expect(() => dfr.restore({ ...detector.config, latent: 0 }, tensors)).toThrow(BadModelFile);
    expect(() => dfr.restore({ ...detector.config, latent: 2e9 }, tensors)).toThrow(BadModelFile);
    tensors.delete('layers.5.bias');
    expect(() => dfr.restore(detector.config, tensors)).toThrow(/layers\.5\.bias/);
    expect(tf.memory().numTensors).toBe(before);
    detector.dispose();
  });

  it('gives null when cancelled in either phase and throws when it diverges, leaving no tensor', async () => {
    const before = tf.memory().numTensors;
    const early = fitWorld(settings);
    early.context.control.cancel();
    expect(await dfr.fit(early.context)).toBeNull();
    const late = fitWorld(settings).context;
    const report = (progress: { phase: string }) => {
      if (progress.phase.startsWith('epoch')) late.control.cancel();
    };
    late.control.pause();
    for (let step = 0; step < 6; step++) late.control.step();
    expect(await dfr.fit({ ...late, report })).toBeNull();
    await expect(dfr.fit(fitWorld({ ...settings, fill: NaN }).context)).rejects.toThrow(TrainingDiverged);
    await expect(dfr.fit(fitWorld({ ...settings, count: 0 }).context)).rejects.toThrow(NothingToTrain);
    expect(tf.memory().numTensors).toBe(before);
  });
});
