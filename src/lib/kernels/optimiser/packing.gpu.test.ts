// Small tensors end to end and back: the values, in the given order, where they lie.
import { expect, it } from 'vitest';
import { describeAllBackends } from '../../../testing/gpu';
import { tf } from '../../gpu/tf';
import { packTensors, unpackTensors } from './packing';

describeAllBackends('packing', () => {
  it('puts more than ten tensors end to end, in order, and back in place', async () => {
    const variables = Array.from({ length: 12 }, (_, i) => tf.variable(tf.fill([1 + (i % 3)], i)));
    const whole = packTensors(variables);
    const values = variables.flatMap(({ size }, i) => Array<number>(size).fill(i));
    expect([...(await whole.data())]).toEqual(values);
    const ids = variables.map(({ dataId }) => dataId);
    unpackTensors(whole.add(100), variables);
    expect(variables.map(({ dataId }) => dataId)).toEqual(ids);
    for (const [i, variable] of variables.entries()) {
      expect([...(await variable.data())]).toEqual(Array<number>(variable.size).fill(100 + i));
    }
    expect(() => unpackTensors(tf.tensor1d([1]), variables)).toThrow(/unpackTensors/);
  });
});
