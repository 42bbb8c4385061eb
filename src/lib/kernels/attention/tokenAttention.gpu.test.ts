// Attention of a frozen network's tokens against plain loops in double precision: heads of the real width, tokens that
// are no multiple of a tile, scores far apart.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import { tokenAttention } from './tokenAttention';

interface Case {
  batch: number;
  tokens: number;
  heads: number;
  head: number;
  /** Of queries and keys. */
  size: number;
}

function draw({ batch, tokens, heads, head, size }: Case): Float32Array {
  const [columns, width] = [3 * heads * head, heads * head];
  return Float32Array.from({ length: batch * tokens * columns }, (_, i) => {
    const value = Math.sin(1 + 12.9898 * i) * 43758.5453;
    const uniform = value - Math.floor(value) - 0.5;
    return uniform * (i % columns < 2 * width ? size : 1);
  });
}

function expected(qkv: Float32Array, { batch, tokens, heads, head }: Case): number[] {
  const at = (b: number, token: number, part: number, h: number) =>
    ((b * tokens + token) * 3 + part) * heads * head + h * head;
  const all = (count: number) => Array.from({ length: count }, (_, index) => index);
  return all(batch).flatMap((b) => all(tokens).flatMap((i) => all(heads).flatMap((h) => {
    const scores = all(tokens).map((j) =>
      all(head).reduce((sum, d) => sum + qkv[at(b, i, 0, h) + d]! * qkv[at(b, j, 1, h) + d]!, 0) / Math.sqrt(head));
    const largest = Math.max(...scores);
    const weights = scores.map((score) => Math.exp(score - largest));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return all(head).map((d) => weights.reduce((sum, weight, j) => sum + weight * qkv[at(b, j, 2, h) + d]!, 0) / total);
  }))); // prettier-ignore
}

describeAllBackends('token attention', () => {
  it.each<Case>([
    { batch: 1, tokens: 1, heads: 1, head: 36, size: 2 },
    { batch: 2, tokens: 33, heads: 3, head: 36, size: 4 },
    { batch: 1, tokens: 70, heads: 2, head: 64, size: 2 },
    { batch: 1, tokens: 132, heads: 1, head: 64, size: 40 },
  ])('of $batch x $tokens tokens, $heads heads of $head, equals plain loops', async (one) => {
    const values = draw(one);
    const before = tf.memory().numTensors;
    const qkv = tf.tensor3d(values, [one.batch, one.tokens, 3 * one.heads * one.head]);
    const y = tokenAttention(qkv, one.heads);
    expect(y.shape).toEqual([one.batch, one.tokens, one.heads * one.head]);
    expectClose(await y.data(), expected(values, one), { rtol: 1e-4, atol: 2e-5 });
    tf.dispose([qkv, y]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same bits twice', async () => {
    const one = { batch: 1, tokens: 45, heads: 1, head: 64, size: 3 };
    const qkv = tf.tensor3d(draw(one), [1, 45, 192]);
    const [a, b] = [tokenAttention(qkv, 1), tokenAttention(qkv, 1)];
    expect(await a.data()).toEqual(await b.data());
    tf.dispose([qkv, a, b]);
  });

  it('refuses heads that are too wide or no multiple of four', () => {
    const qkv = tf.zeros<tf.Rank.R3>([1, 2, 204]);
    expect(() => tokenAttention(qkv, 1)).toThrow('heads of width 68');
    expect(() => tokenAttention(qkv, 34)).toThrow('heads of width 2');
    qkv.dispose();
  });
});
