// Attention of a frozen network's tokens (shaders/attention/token_attention.wgsl). Memory grows with the tokens, not with
// their square, on the processor too. What trains, and what hides neighbours, is attention.ts.
import source from '../../../../shaders/attention/token_attention.wgsl';
import { defineKernel, type CpuCall, type WasmCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';
import { heapValues } from '../../gpu/processor';
import { tf } from '../../gpu/tf';

interface Attributes {
  heads: number;
}

const program = new Program(source);
const TILE = program.constant('TILE');
/** Widest head. */
const WIDEST_HEAD = 4 * program.constant('MOST_QUARTERS');

const attention = defineKernel<'qkv', Attributes>({
  name: 'TokenAttention',
  outputShapes: ({ inputs: { qkv } }) => [outputShape(qkv)],
  cpu: attendOnCpu,
  webgpu: ({ backend, inputs: { qkv }, attributes, outputs }) => {
    const { batch, tokens, heads, head } = sizesOf(qkv, attributes);
    program.run(backend, {
      inputs: [qkv],
      outputs,
      constants: { QUARTERS: head / 4 },
      uniforms: { tokens, heads, scale: 1 / Math.sqrt(head) },
      workgroups: [Math.ceil(tokens / TILE), heads, batch],
    });
  },
  wasm: (call) => [attendOnWasm(call)],
});

/**
 * y_i = sum over all j of softmax_j(q_i . k_j / sqrt(head)) v_j in every head. Not differentiable; deterministic.
 * @param qkv queries, keys and values side by side, each heads * head wide: [B, tokens, 3 * heads * head], with `head` a
 * multiple of 4 up to 64
 * @returns [B, tokens, heads * head]
 * @throws Error when the width does not fit
 */
export function tokenAttention(qkv: tf.Tensor3D, heads: number): tf.Tensor3D {
  const head = qkv.shape[2] / 3 / heads;
  tf.util.assert(head % 4 === 0 && head <= WIDEST_HEAD, () => `tokenAttention: heads of width ${head}`);
  return attention({ qkv }, { heads })[0] as tf.Tensor3D;
}

const outputShape = ({ shape }: tf.TensorInfo): number[] => [shape[0]!, shape[1]!, shape[2]! / 3];

function sizesOf({ shape }: tf.TensorInfo, { heads }: Attributes) {
  const [batch, tokens, columns] = shape as [number, number, number];
  return { batch, tokens, heads, columns, width: columns / 3, head: columns / 3 / heads };
}

/** One query and head at a time. */
function attendOnCpu({ inputs, values: { qkv }, attributes, outputs }: CpuCall<'qkv', Attributes>): void {
  const { batch, tokens, heads, columns, width, head } = sizesOf(inputs.qkv, attributes);
  const scores = new Float64Array(tokens);
  const sums = new Float64Array(head);
  for (let image = 0; image < batch; image++) {
    const at = (token: number, part: number) => (image * tokens + token) * columns + part * width;
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < tokens; i++) {
        let maximum = -Infinity;
        for (let j = 0; j < tokens; j++) {
          let score = 0;
          const [q, k] = [at(i, 0) + h * head, at(j, 1) + h * head];
          for (let d = 0; d < head; d++) score += qkv[q + d]! * qkv[k + d]!;
          scores[j] = score / Math.sqrt(head);
          maximum = Math.max(maximum, scores[j]!);
        }
        let total = 0;
        sums.fill(0);
        for (let j = 0; j < tokens; j++) {
          const weight = Math.exp(scores[j]! - maximum);
          const v = at(j, 2) + h * head;
          total += weight;
          for (let d = 0; d < head; d++) sums[d]! += weight * qkv[v + d]!;
        }
        const to = (image * tokens + i) * width + h * head;
        for (let d = 0; d < head; d++) outputs[0]![to + d] = sums[d]! / total;
      }
    }
  }
}

/** Queries at a time on the wasm backend: their scores are all that is ever there. */
const QUERIES = 128;

/** Two products a head and piece by XNNPACK, the softmax by the backend's own kernel. */
function attendOnWasm({
  inputs: { qkv },
  attributes,
  backend,
  run,
}: WasmCall<'qkv', Attributes>): tf.TensorInfo {
  const { batch, tokens, heads, columns, width, head } = sizesOf(qkv, attributes);
  const result = backend.makeOutput(outputShape(qkv), 'float32');
  const make = (shape: number[]) => backend.makeOutput(shape, 'float32');
  const free = (...tensors: tf.TensorInfo[]) => tensors.forEach(({ dataId }) => backend.disposeData(dataId));
  const product = (a: tf.TensorInfo, b: tf.TensorInfo) =>
    run('BatchMatMul', { a, b }, { transposeA: false, transposeB: false });
  for (let pair = 0; pair < batch * heads; pair++) {
    const [image, h] = [Math.floor(pair / heads), pair % heads];
    const at = (token: number, part: number) => (image * tokens + token) * columns + part * width + h * head;
    const [keys, values] = [make([1, head, tokens]), make([1, tokens, head])];
    // Views are made after whatever allocates: it may move the memory.
    fillKeysAndValues();
    for (let first = 0; first < tokens; first += QUERIES) {
      const count = Math.min(QUERIES, tokens - first);
      const queries = make([1, count, head]);
      const [all, q] = [heapValues(qkv), heapValues(queries)];
      for (let i = 0; i < count; i++) {
        for (let d = 0; d < head; d++) q[i * head + d] = all[at(first + i, 0) + d]! / Math.sqrt(head);
      }
      const scores = product(queries, keys);
      const weights = run('Softmax', { logits: { ...scores, shape: [count, tokens] } }, { dim: 1 });
      const mixed = product({ ...weights, shape: [1, count, tokens] }, values);
      const [from, to] = [heapValues(mixed), heapValues(result)];
      for (let i = 0; i < count; i++) {
        to.set(from.subarray(i * head, (i + 1) * head), (image * tokens + first + i) * width + h * head);
      }
      free(queries, scores, weights, mixed);
    }
    free(keys, values);

    function fillKeysAndValues(): void {
      const [all, k, v] = [heapValues(qkv), heapValues(keys), heapValues(values)];
      for (let j = 0; j < tokens; j++) {
        for (let d = 0; d < head; d++) k[d * tokens + j] = all[at(j, 1) + d]!;
        v.set(all.subarray(at(j, 2), at(j, 2) + head), j * head);
      }
    }
  }
  return result;
}
