// Attention on a grid and its gradients against stock operations with a whole matrix of scores, with and without a hidden
// neighbourhood and dropout; the mask itself against a drawing of it.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends, onCpu } from '../../../testing/gpu';
import { attendOnGrid, type AttentionOptions } from './attention';
import { dropFactor, dropRule } from '../noise/hashRandom';

type Tokens = tf.Tensor3D;

function noise(shape: [number, number, number], seed: number): Tokens {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor3d(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + seed * 78.233)),
    shape,
  );
}

/** The same with a matrix of scores [B, heads, N, N]; -1e9 for what is hidden. */
function stock(q: Tokens, k: Tokens, v: Tokens, options: AttentionOptions): Tokens {
  const [batch, tokens, width] = q.shape;
  const { heads } = options;
  const apart = (x: Tokens) => x.reshape([batch, tokens, heads, width / heads]).transpose([0, 2, 1, 3]);
  const scores = tf.matMul(apart(q), apart(k), false, true).mul(1 / Math.sqrt(width / heads));
  const weights = tf.softmax(scores.add(maskOf(options))).mul(dropsOf(scores.shape, options));
  return tf.matMul(weights, apart(v)).transpose([0, 2, 1, 3]).reshape([batch, tokens, width]);
}

function maskOf({ grid: [height, width], hidden }: AttentionOptions): tf.Tensor2D {
  const tokens = height * width;
  const values = new Float32Array(tokens * tokens);
  const [tall, wide] = hidden ?? [-1, -1];
  for (let i = 0; i < values.length; i++) {
    const [a, b] = [Math.floor(i / tokens), i % tokens];
    const rows = Math.abs(Math.floor(a / width) - Math.floor(b / width));
    const near = 2 * rows < tall && 2 * Math.abs((a % width) - (b % width)) < wide;
    values[i] = near ? -1e9 : 0;
  }
  return tf.tensor2d(values, [tokens, tokens]);
}

function dropsOf(shape: number[], { dropout }: AttentionOptions): tf.Tensor {
  const rule = dropRule(dropout?.rate ?? 0, dropout?.seed ?? 0);
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => dropFactor(rule, i)),
    shape,
  );
}

type Operation = typeof attendOnGrid;

async function valueAndGradients(operation: Operation, options: AttentionOptions, width: number) {
  const shape: [number, number, number] = [2, options.grid[0] * options.grid[1], width];
  const { value, grads } = tf.tidy(() =>
    tf.valueAndGrads((q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) =>
      operation(q as Tokens, k as Tokens, v as Tokens, options),
    )([noise(shape, 1), noise(shape, 2), noise(shape, 3)], noise(shape, 4)),
  );
  const arrays = await Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
  tf.dispose([value, ...grads]);
  return arrays.map((array) => array.slice());
}

describeAllBackends('attendOnGrid', () => {
  it.each<[string, AttentionOptions, number]>([
    ['one head that sees all', { heads: 1, grid: [3, 5], hidden: null }, 8],
    ['several heads that see all', { heads: 3, grid: [2, 4], hidden: null }, 12],
    ['a hidden neighbourhood', { heads: 2, grid: [5, 4], hidden: [3, 3] }, 16],
    ['the widest head and an oblong neighbourhood', { heads: 1, grid: [8, 9], hidden: [7, 1] }, 32],
    ['dropout', { heads: 2, grid: [4, 4], hidden: [3, 3], dropout: { rate: 0.3, seed: 7 } }, 8],
  ])('agrees with stock operations, gradients too: %s', async (_, options, width) => {
    const actual = await valueAndGradients(attendOnGrid, options, width);
    const expected = await onCpu(() => valueAndGradients(stock, options, width));
    actual.forEach((array, i) => expectClose(array, expected[i]!, { rtol: 1e-4, atol: 1e-5 }));
  });

  it('lets a token take nothing from its neighbourhood, and something from everything else', async () => {
    // With equal scores, token 12 (the middle of 5 x 5) averages the values of all keys outside 3 x 3.
    const zeros = tf.zeros<tf.Rank.R3>([1, 25, 4]);
    const values = tf.tensor3d(
      Float32Array.from({ length: 100 }, (_, i) => Math.floor(i / 4) ** 2),
      [1, 25, 4],
    );
    const y = attendOnGrid(zeros, zeros, values, { heads: 1, grid: [5, 5], hidden: [3, 3] });
    const seen = [0, 1, 2, 3, 4, 5, 9, 10, 14, 15, 19, 20, 21, 22, 23, 24];
    const mean = seen.reduce((sum, key) => sum + key ** 2, 0) / 16;
    expectClose((await y.data()).slice(48, 52), [mean, mean, mean, mean], { rtol: 1e-5 });
    tf.dispose([zeros, values, y]);
  });

  it('gives the same bits twice and leaves no tensor behind', async () => {
    const options: AttentionOptions = {
      heads: 2,
      grid: [7, 7],
      hidden: [3, 3],
      dropout: { rate: 0.1, seed: 1 },
    };
    const first = await valueAndGradients(attendOnGrid, options, 16);
    const before = tf.memory().numTensors;
    expect(await valueAndGradients(attendOnGrid, options, 16)).toEqual(first);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a neighbourhood that covers the grid, and heads that do not fit', () => {
    const x = tf.zeros<tf.Rank.R3>([1, 9, 8]);
    const attend = (options: Partial<AttentionOptions>) => () =>
      attendOnGrid(x, x, x, { heads: 1, grid: [3, 3], hidden: null, ...options });
    expect(attend({ hidden: [3, 3] })).toThrow(/nothing/);
    expect(attend({ heads: 3 })).toThrow(/width/);
    expect(attend({ grid: [2, 4] })).toThrow(/tokens/);
    x.dispose();
  });
});
