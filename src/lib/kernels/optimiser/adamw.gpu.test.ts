// AdamW and gradient clipping against torch: every parameter of the reference models before and after one clipped
// step, then the arithmetic of later steps against a plain loop, and the traps of writing in place.
import { describe, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose, golden, goldenNames } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import { isTable } from '../../../testing/torchModel';
import { adamwUpdate, type AdamwStep } from './adamw';
import { clipScale } from './clipScale';

const STEP: AdamwStep = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
  step: 1,
};

const variable = (values: ArrayLike<number>): tf.Variable =>
  tf.variable(tf.tensor1d(Array.from(values)), false);
const zeros = (length: number): tf.Variable => tf.variable(tf.zeros([length]), false);

describe('one clipped step against torch', () => {
  for (const file of ['bigrid_mobile', 'bigrid_basic']) {
    describeAllBackends(file, () => {
      const read = golden(file);
      const names = goldenNames(file).flatMap((name) => /^grad\.(.*)/.exec(name)?.[1] ?? []);

      it('finds the norm of all gradients', async () => {
        const gradients = names.map((name) => tf.tensor1d(read(`grad.${name}`).data));
        const { norm, scale } = clipScale(gradients, 0.1);
        const expected = read('train.grad_norm').data[0]!;
        expectClose(await norm.data(), [expected], { rtol: 1e-5, atol: 0 });
        expectClose(await scale.data(), [0.1 / (expected + 1e-6)], { rtol: 1e-5, atol: 0 });
        tf.dispose([...gradients, norm, scale]);
      });

      it('moves every parameter as torch does', async () => {
        const scale = tf.scalar(Math.min(1, 0.1 / (read('train.grad_norm').data[0]! + 1e-6)));
        for (const name of names) {
          const gradient = read(`grad.${name}`).data;
          const parameter = variable(read(`before.${name}`).data);
          const [m, v] = [zeros(gradient.length), zeros(gradient.length)];
          const learningRate = isTable(name) ? 0.1 : 1e-3;
          const dy = tf.tensor1d(gradient);
          adamwUpdate(parameter, m, v, dy, scale, { ...STEP, learningRate });
          expectClose(await parameter.data(), read(`after.${name}`).data, { rtol: 1e-5, atol: 1e-6 });
          tf.dispose([parameter, m, v, dy]);
        }
        scale.dispose();
      });
    });
  }
});

describeAllBackends('adamwUpdate', () => {
  it('follows a plain loop over several steps, off every tile size', async () => {
    const count = 1024 * 2 + 77;
    const start = Float32Array.from({ length: count }, (_, i) => Math.sin(i));
    const [parameter, m, v] = [variable(start), zeros(count), zeros(count)];
    const expected = { p: Float64Array.from(start), m: new Float64Array(count), v: new Float64Array(count) };
    const scale = tf.scalar(0.5);
    for (let step = 1; step <= 3; step++) {
      const gradient = Float32Array.from({ length: count }, (_, i) => Math.cos(i * step));
      const dy = tf.tensor1d(gradient);
      adamwUpdate(parameter, m, v, dy, scale, { ...STEP, step, learningRate: 0.1 });
      dy.dispose();
      plainStep(expected, gradient, 0.5, step);
    }
    expectClose(await parameter.data(), expected.p, { rtol: 1e-5, atol: 1e-5 });
    expectClose(await m.data(), expected.m, { rtol: 1e-5, atol: 1e-6 });
    expectClose(await v.data(), expected.v, { rtol: 1e-5, atol: 1e-6 });
    tf.dispose([parameter, m, v, scale]);
  });

  it('shows its update to readers that had read before, and makes no tensor', async () => {
    const [parameter, m, v, dy] = [variable([1, 2]), zeros(2), zeros(2), tf.tensor1d([1, -1])];
    const scale = tf.scalar(1);
    await parameter.data();
    const before = tf.memory().numTensors;
    adamwUpdate(parameter, m, v, dy, scale, { ...STEP, learningRate: 0.5, weightDecay: 0 });
    expect(tf.memory().numTensors).toBe(before);
    expectClose(await parameter.data(), [0.5, 2.5]);
    tf.dispose([parameter, m, v, dy, scale]);
  });

  it('leaves the array alone that a variable was made from', async () => {
    const source = Float32Array.from([1, 2]);
    const [parameter, m, v, dy] = [tf.variable(tf.tensor1d(source)), zeros(2), zeros(2), tf.tensor1d([1, 1])];
    adamwUpdate(parameter, m, v, dy, tf.scalar(1), STEP);
    await parameter.data();
    expect([...source]).toEqual([1, 2]);
  });

  it('refuses a gradient of another shape', () => {
    const [parameter, m, v] = [zeros(2), zeros(2), zeros(2)];
    expect(() => adamwUpdate(parameter, m, v, tf.zeros([3]), tf.scalar(1), STEP)).toThrow(/shape/i);
  });
});

describeAllBackends('clipScale', () => {
  it('adds squares over tensors of all sizes, the same bits twice', async () => {
    const sizes = [1, 63, 64, 65, 16_384, 16_385, 100_003];
    const arrays = sizes.map((size, t) => Float32Array.from({ length: size }, (_, i) => Math.sin(i + t)));
    const gradients = arrays.map((array) => tf.tensor1d(array));
    const expected = Math.sqrt(arrays.flatMap((array) => [...array]).reduce((sum, x) => sum + x * x, 0));
    const [first, second] = [clipScale(gradients, 10), clipScale(gradients, 1e6)];
    expectClose(await first.norm.data(), [expected], { rtol: 1e-5, atol: 0 });
    expectClose(await first.scale.data(), [10 / expected], { rtol: 1e-5, atol: 0 });
    expect([...(await second.scale.data())]).toEqual([1]);
    expect([...(await second.norm.data())]).toEqual([...(await first.norm.data())]);
  });
});

type State = Record<'p' | 'm' | 'v', Float64Array>;

/** torch.optim.AdamW, written from its documentation, with learning rate 0.1. */
function plainStep({ p, m, v }: State, gradient: Float32Array, scale: number, step: number): void {
  const { beta1, beta2, epsilon, weightDecay } = STEP;
  for (let i = 0; i < p.length; i++) {
    const g = gradient[i]! * scale;
    p[i]! -= 0.1 * weightDecay * p[i]!;
    m[i] = beta1 * m[i]! + (1 - beta1) * g;
    v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
    const [mean, square] = [m[i]! / (1 - beta1 ** step), v[i]! / (1 - beta2 ** step)];
    p[i]! -= (0.1 * mean) / (Math.sqrt(square) + epsilon);
  }
}
