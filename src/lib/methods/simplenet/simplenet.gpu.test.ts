// SimpleNet against its own arithmetic in double precision (forward, loss, gradient, one step of its optimiser), and what
// every method must do: repeat itself, come back from a file, stop when told, fail with a remedy, leave no tensor.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { gaussianNoise } from '../../kernels/noise/gaussianNoise';
import { fitWorld, throughFile } from '../../../testing/fitWorld';
import { describeBackends } from '../../../testing/gpu';
import { expectClose } from '../../../testing/golden';
import {
  batchNormRows,
  firstAdamStep,
  fixedNormRows,
  linearRows,
  mapRows,
  mean,
  numericGradient,
  type Rows,
  type Values,
} from '../../../testing/reference64';
import { BadModelFile } from '../errors';
import { TrainingDiverged } from '../../nn/errors';
import { drawn, ParameterScope } from '../../nn/parameters';
import { Random } from '../../nn/random';
import { simplenet, SimpleNetwork } from '.';

const [BATCH, SIDE, CHANNELS] = [2, 3, 4];
const SHAPE: [number, number, number, number] = [BATCH, SIDE, SIDE, CHANNELS];
const SIZE = BATCH * SIDE * SIDE * CHANNELS;
const phi = Random.stream(1, 'phi').normals(SIZE, 1);
const noise = Random.stream(1, 'noise').normals(SIZE, 0.5);

/** Means over 3 x 3 cells, of those that exist, as rows. */
function pooledRows(values: Float32Array): Rows {
  const at = (b: number, y: number, x: number, c: number) =>
    values[((b * SIDE + y) * SIDE + x) * CHANNELS + c]!;
  const around = (i: number) => [i - 1, i, i + 1].filter((k) => k >= 0 && k < SIDE);
  const cells = Array.from({ length: BATCH * SIDE * SIDE }, (_, i) => i);
  return cells.map((cell) => {
    const [b, y, x] = [Math.floor(cell / SIDE / SIDE), Math.floor(cell / SIDE) % SIDE, cell % SIDE];
    return Array.from({ length: CHANNELS }, (_, c) =>
      mean(around(y).flatMap((row) => around(x).map((column) => at(b, row, column, c)))),
    );
  });
}

const tail = (hidden: Rows, p: Values): number[] =>
  linearRows(
    mapRows(hidden, (z) => (z > 0 ? z : 0.2 * z)),
    p['discriminator.tail.weight']!,
  ).map(([d]) => d!);

function referenceLoss(p: Values): number {
  const clean = linearRows(pooledRows(phi), p['adaptor.weight']!);
  const noisy = clean.map((row, i) => row.map((value, c) => value + noise[i * CHANNELS + c]!));
  const hidden = linearRows(
    [...clean, ...noisy],
    p['discriminator.hidden.weight']!,
    p['discriminator.hidden.bias'],
  );
  const [scale, shift] = [p['discriminator.normalisation.scale']!, p['discriminator.normalisation.shift']!];
  const scores = tail(batchNormRows(hidden, scale, shift), p);
  const sides = [scores.slice(0, clean.length), scores.slice(clean.length)] as const;
  return mean(sides[0].map((d) => Math.max(0, 0.5 - d))) + mean(sides[1].map((d) => Math.max(0, 0.5 + d)));
}

async function valuesOf(scope: ParameterScope): Promise<Values> {
  const entries = scope.list.map(async ({ name, variable }) => [name, Array.from(await variable.data())]);
  return Object.fromEntries(await Promise.all(entries)) as Values;
}

const trainedOnly = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !name.includes('running')));

describeBackends('SimpleNet against double precision', () => {
  it('has the reference’s loss and gradients', async () => {
    const scope = ParameterScope.root(drawn(5));
    const network = new SimpleNetwork(scope, CHANNELS);
    const values = trainedOnly(await valuesOf(scope));
    const { value, grads } = tf.variableGrads(() =>
      network.loss(tf.tensor4d(phi, SHAPE), tf.tensor4d(noise, SHAPE)),
    );
    expectClose(await value.data(), [referenceLoss(values)], { rtol: 1e-5 });
    const expected = numericGradient(referenceLoss, values);
    for (const { name, variable, role } of scope.list) {
      if (role === 'statistic') continue;
      expectClose(await grads[variable.name]!.data(), expected[name]!, { rtol: 1e-4, atol: 1e-6 });
    }
    scope.dispose();
  });

  it('scores by the running statistics, larger where less normal', async () => {
    const scope = ParameterScope.root(drawn(5));
    const network = new SimpleNetwork(scope, CHANNELS);
    network.loss(tf.tensor4d(phi, SHAPE), tf.tensor4d(noise, SHAPE));
    const p = await valuesOf(scope);
    const file = new Map(
      scope.list.map(({ name, variable: { shape } }) => [name, { shape, data: Float32Array.from(p[name]!) }]),
    );
    const detector = simplenet.restore({ channels: CHANNELS }, file);
    const clean = linearRows(pooledRows(phi), p['adaptor.weight']!);
    const hidden = fixedNormRows(
      linearRows(clean, p['discriminator.hidden.weight']!, p['discriminator.hidden.bias']),
      {
        means: p['discriminator.normalisation.runningMean']!,
        variances: p['discriminator.normalisation.runningVariance']!,
        scale: p['discriminator.normalisation.scale']!,
        shift: p['discriminator.normalisation.shift']!,
      },
    );
    const map = detector.map(tf.tensor4d(phi, SHAPE));
    expect(map.shape).toEqual([BATCH, SIDE, SIDE]);
    expectClose(
      await map.data(),
      tail(hidden, p).map((d) => -d),
      { rtol: 1e-4, atol: 1e-5 },
    );
    scope.dispose();
    detector.dispose();
  });

  it('takes the paper’s first step: two rates, decay added to the gradient', async () => {
    const size = { count: BATCH, height: SIDE, width: SIDE, channels: CHANNELS, seed: 3 };
    const { context, maps } = fitWorld({ ...size, params: { methodEpochs: 1 } });
    const order = Random.stream(3, 'order').permutation(BATCH);
    phi.set(order.flatMap((i) => [...maps[i]!]));
    const stream = Random.stream(3, 'feature noise');
    noise.set(await gaussianNoise(SHAPE, 0.3 * context.sigma, [stream.next(), stream.next()]).data());
    const scope = ParameterScope.root(drawn(3));
    new SimpleNetwork(scope, CHANNELS);
    const before = trainedOnly(await valuesOf(scope));
    const gradients = numericGradient(referenceLoss, before);
    const detector = (await simplenet.fit(context))!;
    const after = await throughFile(detector);
    for (const [name, values] of Object.entries(before)) {
      const rate = name.startsWith('adaptor') ? 1e-4 : 2e-4;
      values.forEach((value, i) => {
        const gradient = gradients[name]![i]!;
        // Adam turns a slope of rounding errors into a whole step.
        if (Math.abs(gradient) < 1e-4) return;
        expect(after.get(name)!.data[i]!).toBeCloseTo(firstAdamStep(value, gradient, rate, 1e-5), 6);
      });
    }
    detector.dispose();
    scope.dispose();
  });
});

describeBackends('SimpleNet', () => {
  const settings = { params: { methodEpochs: 6 } };

  it('learns to tell noise from features and repeats itself', async () => {
    const long = { count: 4, params: { methodEpochs: 40 } };
    const { context, reports } = fitWorld(long);
    const first = (await simplenet.fit(context))!;
    const losses = reports.flatMap((report) => report.losses);
    expect(mean(losses.slice(-8))).toBeLessThan(mean(losses.slice(0, 8)));
    const again = (await simplenet.fit(fitWorld(long).context))!;
    expect(await throughFile(again)).toEqual(await throughFile(first));
    for (const detector of [first, again]) detector.dispose();
  });

  it('comes back from a file with the same maps', async () => {
    const { context } = fitWorld(settings);
    const detector = (await simplenet.fit(context))!;
    const restored = simplenet.restore(detector.config, await throughFile(detector));
    const input = context.source.batch([0, 3]);
    expect(await restored.map(input).data()).toEqual(await detector.map(input).data());
    for (const owner of [detector, restored, input]) owner.dispose();
  });

  it('refuses a file that does not fit, leaving no tensor', async () => {
    const detector = (await simplenet.fit(fitWorld(settings).context))!;
    const tensors = await throughFile(detector);
    const before = tf.memory().numTensors;
    expect(() => simplenet.restore({ channels: 9 }, tensors)).toThrow(BadModelFile);
    expect(() => simplenet.restore({}, tensors)).toThrow(BadModelFile);
    tensors.delete('discriminator.tail.weight');
    expect(() => simplenet.restore(detector.config, tensors)).toThrow(/tail/);
    expect(tf.memory().numTensors).toBe(before);
    detector.dispose();
  });

  it('gives null when cancelled and throws when it diverges, leaving no tensor', async () => {
    const before = tf.memory().numTensors;
    const { context } = fitWorld(settings);
    context.control.cancel();
    expect(await simplenet.fit(context)).toBeNull();
    await expect(simplenet.fit(fitWorld({ ...settings, fill: NaN }).context)).rejects.toThrow(
      TrainingDiverged,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
