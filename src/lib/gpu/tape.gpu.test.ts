// The same gradients as tfjs's own, with fewer tensors alive at once, and none left.
import { expect, it, vi } from 'vitest';
import { describeBackends } from '../../testing/gpu';
import { leanVariableGrads } from './tape';
import { tf } from './tf';

describeBackends('leanVariableGrads', () => {
  /** A chain with a residual, a value that is used three times, and an operation with a gradient of its own. */
  function problem() {
    const [a, b] = [0, 1].map((seed) => tf.variable(tf.randomNormal([4, 4], 0, 1, 'float32', seed + 1)));
    const x = tf.randomNormal<tf.Rank.R2>([4, 4], 0, 1, 'float32', 3);
    const twice = tf.customGrad((...args) => ({
      value: (args[0] as tf.Tensor).mul(2),
      gradFunc: (dy: tf.Tensor) => [dy.add(dy)],
    }));
    const loss = () => {
      let y: tf.Tensor2D = x;
      for (let i = 0; i < 6; i++)
        y = tf.tanh(
          tf
            .matMul(y, a as tf.Tensor2D)
            .add(b!)
            .add(twice(y)),
        );
      const thrice = y.add(y.mul(y)).add(y.reshape([16]).reshape<tf.Tensor2D>([4, 4]));
      return thrice.sum().asScalar();
    };
    return { x, variables: [a!, b!], loss };
  }

  it('gives the same bits and leaves no more tensors', async () => {
    const { x, variables, loss } = problem();
    const expected = tf.variableGrads(loss, variables);
    const before = tf.memory().numTensors;
    const lean = leanVariableGrads(loss, variables);
    expect(tf.memory().numTensors).toBe(before + 3);
    expect(await lean.value.data()).toEqual(await expected.value.data());
    for (const { name } of variables) {
      expect(await lean.grads[name]!.data()).toEqual(await expected.grads[name]!.data());
    }
    tf.dispose([x, variables, expected.value, expected.grads, lean.value, lean.grads]);
  });

  it('holds fewer tensors while it goes back', () => {
    const { x, variables, loss } = problem();
    let most = 0;
    const { backend } = tf.engine();
    const spy = vi.spyOn(backend, 'disposeData').mockImplementation((dataId, force) => {
      most = Math.max(most, tf.memory().numTensors);
      return Object.getPrototypeOf(backend).disposeData.call(backend, dataId, force) as boolean;
    });
    const peak = (gradients: typeof tf.variableGrads) => {
      most = 0;
      const { value, grads } = gradients(loss, variables);
      tf.dispose([value, grads]);
      return most;
    };
    const stock = peak(tf.variableGrads);
    expect(peak(leanVariableGrads as typeof tf.variableGrads)).toBeLessThan(stock - 15);
    spy.mockRestore();
    tf.dispose([x, variables]);
  });
});
