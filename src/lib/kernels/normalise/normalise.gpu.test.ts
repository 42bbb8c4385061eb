// Normalisation against the same formulas composed of tfjs's operations, with tfjs's own gradients; odd sizes; a mean
// far from zero; the same bits twice; torch's convention for running statistics.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends, describeWebgpu, onCpu } from '../../../testing/gpu';
import type { TrainedActivation } from '../convolution/activation';
import { followStatistics } from './runningStatistics';
import { batchNormInference, batchNormTraining, instanceNormalise } from './normalise';

const EPSILON = 1e-5;

function noise(shape: number[], seed: number, offset = 0): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  const values = Float32Array.from(
    { length: size },
    (_, i) => Math.sin(i * 12.9898 + seed * 78.233) * 3 + offset,
  );
  return tf.tensor(values, shape);
}

function activated(z: tf.Tensor, activation: TrainedActivation): tf.Tensor {
  if (activation === 'relu') return z.relu();
  return activation === 'hard-swish' ? z.mul(z.add(3).relu6()).div(6) : z;
}

function composedBatchNorm(activation: TrainedActivation) {
  return (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor => {
    const axes = x.shape.map((_, i) => i).slice(0, -1);
    const { mean, variance } = tf.moments(x, axes);
    return activated(x.sub(mean).div(variance.add(EPSILON).sqrt()).mul(scale).add(shift), activation);
  };
}

function composedInstanceNorm(x: tf.Tensor): tf.Tensor {
  const pixels = x.shape[1]! * x.shape[2]!;
  const { mean, variance } = tf.moments(x, [1, 2], true);
  return x.sub(mean).div(
    variance
      .mul(pixels / (pixels - 1))
      .sqrt()
      .add(EPSILON),
  );
}

/** Value and gradients of sum(f * weights): weights make every element count differently. */
async function valueAndGradients(f: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]) {
  const { value, grads } = tf.valueAndGrads(f)(inputs, noise(inputs[0]!.shape, 9));
  const arrays = await Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
  tf.dispose([value, ...grads]);
  return arrays.map((array) => array.slice());
}

const batchNorm =
  (activation: TrainedActivation) =>
  (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor =>
    batchNormTraining(x, scale as tf.Tensor1D, shift as tf.Tensor1D, { epsilon: EPSILON, activation }).y;

async function expectSameAsComposed(
  actual: (...inputs: tf.Tensor[]) => tf.Tensor,
  composed: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: () => tf.Tensor[],
): Promise<void> {
  const ours = await valueAndGradients(actual, inputs());
  const theirs = await onCpu(() => valueAndGradients(composed, inputs()));
  ours.forEach((array, i) => expectClose(array, theirs[i]!, { rtol: 1e-4, atol: 2e-4 }));
}

describeAllBackends('batch normalisation in training', () => {
  it.each<[TrainedActivation, number[]]>([
    ['linear', [2, 3, 5, 7]],
    ['relu', [1, 4, 4, 33]],
    ['hard-swish', [3, 10, 10, 40]],
    ['linear', [9, 1]],
  ])('%s of %j agrees with composed operations, and so do its three gradients', async (activation, shape) => {
    const channels = shape.at(-1)!;
    const inputs = () => [noise(shape, 1), noise([channels], 2), noise([channels], 3)];
    await expectSameAsComposed(batchNorm(activation), composedBatchNorm(activation), inputs);
  });

  it('returns the batch’s mean and biased variance', async () => {
    const x = tf.tensor2d([1, 2, 3, 6], [2, 2]);
    const { mean, variance } = batchNormTraining(x, tf.ones([2]), tf.zeros([2]), { epsilon: EPSILON });
    expectClose(await mean.data(), [2, 4]);
    expectClose(await variance.data(), [1, 4]);
  });

  it('keeps its digits when the mean is a thousand times the deviation', async () => {
    const x = noise([700, 3], 4, 3000);
    const { variance } = batchNormTraining(x, tf.ones([3]), tf.zeros([3]), { epsilon: EPSILON });
    const values = await x.array();
    const exact = [0, 1, 2].map((c) => {
      const column = (values as number[][]).map((row) => row[c]!);
      const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
      return column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
    });
    expectClose(await variance.data(), exact, { rtol: 1e-3, atol: 0 });
  });

  it('refuses parameters of another width', () => {
    const x = tf.zeros([4, 3]);
    expect(() => batchNormTraining(x, tf.ones([2]), tf.zeros([3]), { epsilon: 1 })).toThrow(/shape/i);
  });
});

describeAllBackends('batch normalisation in inference', () => {
  it.each<TrainedActivation>(['linear', 'relu', 'hard-swish'])('%s agrees with tfjs', async (activation) => {
    const inputs = () => [noise([2, 5, 9, 35], 1), ...[1, 2, 3].map((seed) => noise([35], seed))];
    const variance = () => tf.tensor1d(Float32Array.from({ length: 35 }, (_, i) => 0.1 + i / 10));
    const ours = (x: tf.Tensor, ...rest: tf.Tensor[]) => {
      const [mean, scale, shift] = rest as tf.Tensor1D[];
      return batchNormInference(x, mean!, variance(), scale!, shift!, { epsilon: EPSILON, activation });
    };
    const theirs = (x: tf.Tensor, ...rest: tf.Tensor[]) => {
      const [mean, scale, shift] = rest as tf.Tensor1D[];
      return activated(tf.batchNorm(x, mean!, variance(), shift, scale, EPSILON), activation);
    };
    const read = async (f: typeof ours) => {
      const [x, ...rest] = inputs();
      return await f(x!, ...rest).data();
    };
    expectClose(await read(ours), await onCpu(() => read(theirs)), { rtol: 1e-4, atol: 1e-4 });
  });
});

describeAllBackends('instance normalisation', () => {
  it.each([[[2, 3, 5, 7]], [[3, 20, 20, 33]]])('of %j agrees with composed operations', async (shape) => {
    const ours = (x: tf.Tensor) => instanceNormalise(x as tf.Tensor4D, EPSILON);
    await expectSameAsComposed(ours, composedInstanceNorm, () => [noise(shape, 1)]);
  });

  it('gives zeros and a finite gradient for a constant channel', async () => {
    const ours = (x: tf.Tensor) => instanceNormalise(x as tf.Tensor4D, EPSILON);
    const [y, dx] = await valueAndGradients(ours, [tf.fill([1, 2, 2, 1], 5)]);
    expect([...y!]).toEqual([0, 0, 0, 0]);
    expect(dx!.every(Number.isFinite)).toBe(true);
  });
});

describeAllBackends('running statistics', () => {
  it('follow the batch with torch’s momentum and unbiased variance', async () => {
    const [mean, variance] = [tf.variable(tf.tensor1d([0, 1])), tf.variable(tf.tensor1d([1, 2]))];
    const batch = { mean: tf.tensor1d([10, -10]), variance: tf.tensor1d([3, 6]) };
    followStatistics(mean, variance, batch, { momentum: 0.1, rows: 4 });
    expectClose(await mean.data(), [1, -0.1]);
    expectClose(await variance.data(), [0.9 + 0.4, 1.8 + 0.8]);
    tf.dispose([mean, variance]);
  });
});

describeWebgpu('normalisation', () => {
  it('gives the same bits twice and leaves no tensor behind', async () => {
    const inputs = [noise([4, 13, 13, 50], 1), noise([50], 2), noise([50], 3)];
    const first = await valueAndGradients(batchNorm('hard-swish'), inputs);
    const dy = noise(inputs[0]!.shape, 9);
    const before = tf.memory().numTensors;
    const { value, grads } = tf.valueAndGrads(batchNorm('hard-swish'))(inputs, dy);
    const second = await Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
    expect(second).toEqual(first);
    tf.dispose([value, dy, ...grads]);
    expect(tf.memory().numTensors).toBe(before - 1);
  });
});

describeAllBackends('batch normalisation with a residual', () => {
  it.each(['linear', 'relu'] as const)(
    'is the sum, then %s, and moves the running statistics',
    async (activation) => {
      const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
      const given = [random([2, 5, 7, 6], 1), random([6], 2), random([6], 3), random([2, 5, 7, 6], 4)];
      const dy = random([2, 5, 7, 6], 5);
      const start = () =>
        [tf.variable(random([6], 6)), tf.variable(random([6], 7).abs())] as tf.Variable<tf.Rank.R1>[];
      const [mean, variance] = start() as [tf.Variable<tf.Rank.R1>, tf.Variable<tf.Rank.R1>];
      const [wantedMean, wantedVariance] = start() as [tf.Variable<tf.Rank.R1>, tf.Variable<tf.Rank.R1>];
      const fused = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, residual: tf.Tensor) => {
        const options = { epsilon: 1e-5, activation, residual };
        const running = { mean, variance, momentum: 0.1 };
        return batchNormTraining(x, scale as tf.Tensor1D, shift as tf.Tensor1D, options, running).y;
      };
      const composed = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, residual: tf.Tensor) => {
        const { y, ...batch } = batchNormTraining(x, scale as tf.Tensor1D, shift as tf.Tensor1D, {
          epsilon: 1e-5,
        });
        followStatistics(wantedMean, wantedVariance, batch, { momentum: 0.1, rows: 70 });
        return activation === 'relu' ? tf.relu(y.add(residual)) : y.add(residual);
      };
      const actual = tf.valueAndGrads(fused)(given, dy);
      const expected = tf.valueAndGrads(composed)(given, dy);
      const pairs = [
        [actual.value, expected.value],
        ...actual.grads.map((grad, i) => [grad, expected.grads[i]!] as const),
        ...([
          [mean, wantedMean],
          [variance, wantedVariance],
        ] as const),
      ] as const;
      for (const [one, other] of pairs) expectClose(await one.data(), await other.data(), { atol: 1e-5 });
    },
  );
});
