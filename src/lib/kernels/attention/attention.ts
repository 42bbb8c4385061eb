// Attention of tokens on a grid, with the neighbourhood of each token hidden from it, as it trains (shaders/attention*.wgsl).
// No matrix of scores is ever stored: at 1,024 tokens, 8 heads and 8 images tfjs's operations would keep several of
// 268 MB a layer for the backward pass; here a layer keeps its inputs, its output and one number per query and head.
import source from '../../../../shaders/attention/attention.wgsl';
import keySource from '../../../../shaders/attention/attention_key_gradient.wgsl';
import querySource from '../../../../shaders/attention/attention_query_gradient.wgsl';
import { tf } from '../../gpu/tf';
import { attend, attendGradient, type AttentionLayout } from './attentionReference';
import { dropRule, type DropRule } from '../noise/hashRandom';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

type Inputs = 'q' | 'k' | 'v';
type Attributes = Omit<AttentionLayout, 'batch'> & DropRule;

export interface AttentionOptions {
  heads: number;
  /** Cells of the grid on which the tokens lie, row by row. */
  grid: readonly [height: number, width: number];
  /** Rows and columns of the neighbourhood, itself included, that a token does not see; both odd, or null: it sees all. */
  hidden: readonly [height: number, width: number] | null;
  /** While training: the share of weights that are dropped after the softmax, and the seed that says which. */
  dropout?: { rate: number; seed: number } | null;
}

const programs = {
  forward: new Program(source),
  queries: new Program(querySource),
  keys: new Program(keySource),
};
const THREADS = programs.forward.constant('THREADS');
/** Widest head: so many vectors of four does a thread hold. */
const WIDEST_HEAD = 4 * programs.forward.constant('MOST_QUARTERS');

const attention = defineKernel<Inputs, Attributes>({
  name: 'Attention',
  outputShapes: ({ inputs, attributes }) => [inputs.q.shape, perQuery(inputs.q, attributes)],
  cpu: ({ inputs, values, attributes, outputs }) =>
    attend(values, layoutOf(inputs.q, attributes), attributes, outputs as [Float32Array, Float32Array]),
  webgpu: ({ backend, inputs: { q, k, v }, attributes, outputs }) =>
    programs.forward.run(backend, { inputs: [q, k, v], outputs, ...cut(q, attributes) }),
  gradient: {
    save: ['q', 'k', 'v'],
    saveOutputs: [true, true],
    of: ([dy], { inputs, outputs: [y, logSums], attributes }) => {
      // All three come out of the same two passes: made once, freed with the rest of the backward pass.
      const [dq, dk, dv] = backward({ ...inputs, dy: dy!, y: y!, logSums: logSums! }, attributes);
      return { q: () => dq!.clone(), k: () => dk!.clone(), v: () => dv!.clone() };
    },
  },
});

const backward = defineKernel<Inputs | 'dy' | 'y' | 'logSums', Attributes>({
  name: 'AttentionGradient',
  outputShapes: ({ inputs: { q, k, v } }) => [q.shape, k.shape, v.shape],
  cpu: backwardOnCpu,
  webgpu: backwardOnGpu,
});

/**
 * Multi-head attention without its projections: y_i = sum over visible j of softmax_j(q_i . k_j / sqrt(head)) v_j in
 * every head. Differentiable in q, k and v, deterministic.
 * @param q queries; @param k keys; @param v values, all [B, height * width, heads * head] with `head` a multiple of 4 up to 32
 * @throws Error when shapes do not fit, or the neighbourhood leaves a token nothing to see
 */
export function attendOnGrid(
  q: tf.Tensor3D,
  k: tf.Tensor3D,
  v: tf.Tensor3D,
  options: AttentionOptions,
): tf.Tensor3D {
  const attributes = attributesOf(q, options);
  tf.util.assertShapesMatch(k.shape, q.shape, 'attendOnGrid, keys: ');
  tf.util.assertShapesMatch(v.shape, q.shape, 'attendOnGrid, values: ');
  return attention({ q, k, v }, attributes)[0] as tf.Tensor3D;
}

function attributesOf(q: tf.Tensor3D, { heads, grid, hidden, dropout }: AttentionOptions): Attributes {
  const [height, width] = grid;
  const head = q.shape[2] / heads;
  const { assert } = tf.util;
  assert(q.shape[1] === height * width, () => `attendOnGrid: ${q.shape[1]} tokens on ${height} x ${width}`);
  assert(head % 4 === 0 && head <= WIDEST_HEAD, () => `attendOnGrid: heads of width ${head}`);
  const [reachY, reachX] = hidden ? hidden.map((size) => (size - 1) / 2) : [-1, -1];
  // The token in the middle sees the least: nothing, when its neighbourhood covers the grid.
  const blind = Math.floor(height / 2) <= reachY! && Math.floor(width / 2) <= reachX!;
  assert(!blind, () => `attendOnGrid: nothing is outside ${hidden} on ${height} x ${width}`);
  const { rate, seed } = dropout ?? { rate: 0, seed: 0 };
  return { heads, head, height, width, reachY: reachY!, reachX: reachX!, ...dropRule(rate, seed) };
}

const layoutOf = (q: tf.TensorInfo, attributes: Attributes): AttentionLayout => ({
  batch: q.shape[0]!,
  ...attributes,
});

const perQuery = (q: tf.TensorInfo, { heads }: Attributes): number[] => [q.shape[0]!, heads, q.shape[1]!];

/** Constants, uniforms and workgroups that the three shaders share. */
function cut(q: tf.TensorInfo, attributes: Attributes) {
  const { heads, head, height, width, reachY, reachX, threshold, kept, seed } = attributes;
  const count = tf.util.sizeFromShape(perQuery(q, attributes));
  return {
    constants: { QUARTERS: head / 4 },
    uniforms: {
      count,
      heads,
      height,
      width,
      reachY,
      reachX,
      scale: 1 / Math.sqrt(head),
      threshold,
      kept,
      seed,
    },
    workgroups: Math.ceil(count / THREADS),
  };
}

function backwardOnCpu({
  inputs,
  values,
  attributes,
  outputs,
}: CpuCall<Inputs | 'dy' | 'y' | 'logSums', Attributes>) {
  const gradients = outputs as [Float32Array, Float32Array, Float32Array];
  attendGradient(values, layoutOf(inputs.q, attributes), attributes, gradients);
}

function backwardOnGpu(call: WebgpuCall<Inputs | 'dy' | 'y' | 'logSums', Attributes>): void {
  const { backend, attributes, scratch } = call;
  const { q, k, v, dy, y, logSums } = call.inputs;
  const [dq, dk, dv] = call.outputs as [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo];
  const dots = scratch(perQuery(q, attributes));
  const shared = cut(q, attributes);
  programs.queries.run(backend, { inputs: [q, k, v, dy, y, logSums], outputs: [dq, dots], ...shared });
  programs.keys.run(backend, { inputs: [q, k, v, dy, logSums, dots], outputs: [dk, dv], ...shared });
}
