// What becomes of the cells that lie on padding.
import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import { withoutPadding } from './padding';

const input = (filled?: { width: number; height: number }) => ({
  ...{ width: 32, height: 32, data: new Uint8Array(3 * 32 * 32) },
  ...(filled && { filled }),
});
const counting = () => tf.tidy(() => tf.range(0, 16).reshape<tf.Tensor4D>([1, 4, 4, 1]));

describe('cells of the padding', () => {
  beforeAll(async () => void (await tf.setBackend('cpu')));

  it('hold the image’s own, mirrored at its end; nothing else is kept', async () => {
    const { numTensors } = tf.memory();
    const below = withoutPadding(counting(), input({ width: 32, height: 16 }));
    expect([...(await below.data())]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7, 0, 1, 2, 3]);
    const beside = withoutPadding(counting(), input({ width: 24, height: 32 }));
    expect([...(await beside.data())].slice(0, 4)).toEqual([0, 1, 2, 2]);
    expect(tf.memory().numTensors).toBe(numTensors + 2);
    tf.dispose([below, beside]);
  });

  it('are left alone where there is no padding', () => {
    const phi = counting();
    expect(withoutPadding(phi, input())).toBe(phi);
    phi.dispose();
  });
});
