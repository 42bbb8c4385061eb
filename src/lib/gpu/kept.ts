// What stays on the GPU from call to call, because it is always the same: uniform structs with the numbers they had before, and
// small constant tensors (operators of maps, ones and zeros). An upload less each, and an upload of a tensor ends tfjs's compute
// pass. Least recently used ones make room; nothing here is counted among tfjs's tensors.
import type { tf, WebGPUBackend } from './tf';
import type { Uniform } from './uniforms';

/** Uniform structs are some tens of bytes; a training step of the largest model has some hundred different ones. */
const MOST_UNIFORMS = 1024;
const MOST_TENSORS = 64;

/** Members that exist in tfjs 4.22.0 but are private in its types. */
interface Internals {
  makeUniforms(uniforms: readonly Uniform[]): GPUBufferBinding;
  /** They go back to the pool when what is recorded has been submitted. */
  uniformPendingDisposal: GPUBuffer[];
}

/** Has the backend keep the uniform structs that it makes, its own operations' and ours, in place of a write each. */
export function keepUniforms(backend: WebGPUBackend): void {
  const internals = backend as unknown as Internals;
  const make = internals.makeUniforms.bind(backend);
  const kept = new Map<string, GPUBufferBinding>();
  internals.makeUniforms = (uniforms) => {
    const key = uniforms.map(({ type, data }) => type[0]! + data.join()).join(';');
    const known = kept.get(key);
    // Taken out and put in again: a map's first entry is then the one that was not used for longest.
    if (known) kept.delete(key);
    const binding = known ?? make(uniforms);
    kept.set(key, binding);
    if (known) return binding;
    internals.uniformPendingDisposal.pop();
    if (kept.size > MOST_UNIFORMS) {
      const [oldest, { buffer }] = kept.entries().next().value!;
      kept.delete(oldest);
      internals.uniformPendingDisposal.push(buffer);
    }
    return binding;
  };
}

const tensors = new WeakMap<WebGPUBackend, Map<unknown, tf.TensorInfo>>();

/**
 * A constant tensor on the GPU, made at its first use and kept while it is used now and then. Read only.
 * @param key what stands for it: a text that says all about it, or the object it is made of
 */
export function keptTensor(
  backend: WebGPUBackend,
  key: unknown,
  make: () => { shape: number[]; values: Float32Array },
): tf.TensorInfo {
  const kept = tensors.get(backend) ?? new Map<unknown, tf.TensorInfo>();
  tensors.set(backend, kept);
  const known = kept.get(key);
  if (known) kept.delete(key);
  const tensor = known ?? newTensor(backend, make());
  kept.set(key, tensor);
  if (kept.size > MOST_TENSORS) {
    const [oldest, { dataId }] = kept.entries().next().value!;
    kept.delete(oldest);
    backend.disposeData(dataId);
  }
  return tensor;
}

/** A vector of one number, [length]; see keptTensor(). */
export const keptVector = (backend: WebGPUBackend, length: number, value: number): tf.TensorInfo =>
  keptTensor(backend, `${length} times ${value}`, () => ({
    shape: [length],
    values: new Float32Array(length).fill(value),
  }));

function newTensor(
  backend: WebGPUBackend,
  { shape, values }: { shape: number[]; values: Float32Array },
): tf.TensorInfo {
  const tensor = backend.makeTensorInfo(shape, 'float32');
  backend.tensorMap.get(tensor.dataId).values = values;
  return tensor;
}
