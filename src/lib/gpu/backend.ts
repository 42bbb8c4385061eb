// tfjs on our own device, and every use of members that tfjs does not document. They are pinned with the
// library's version (4.22.0, the last one); backend.gpu.test.ts holds one test per assumption.
// What a kernel is and how shaders compile is not known here: see src/lib/gpu/program.ts.
import { limitShortfalls, type Gpu } from './device';
import { LimitsTooLow, OtherTfjs } from './errors';
import { faults } from './faults';
import { keepUniforms } from './kept';
import { heapBytes, onlyProcessor } from './processor';
import { tf, WebGPUBackend } from './tf';
import type { Uniform } from './uniforms';

/** The version whose undocumented members this file knows. */
const KNOWN_VERSION = '4.22.0';

/** Dispatches of a submission at most, so that a live update is one; tfjs's own choice is 15. */
const MOST_DISPATCHES = 64;
/** From so many on it is also sent when this much has been disposed of meanwhile: buffers are free again only then. */
const [FEW_DISPATCHES, MOST_WAITING_BYTES] = [15, 128 * 2 ** 20];

/** One compute dispatch; `tensors` are bound from binding 0 on, the uniform struct (if any) after them. */
export interface Dispatch {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
  tensors: readonly tf.TensorInfo[];
  /** Those of `tensors` that the dispatch writes. */
  written: readonly tf.TensorInfo[];
  uniforms: readonly Uniform[];
  workgroups: readonly [number, number, number];
}

/** Members that exist in 4.22.0 but are private in its types. */
interface Internals {
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  commandQueueOwnedIds: WeakSet<object>;
  dispatchCountInPass: number;
  tensorDataPendingDisposal: object[];
  makeUniforms(uniforms: readonly Uniform[]): GPUBufferBinding;
}

/**
 * Registers tfjs's webgpu backend on this device and makes it the current one. Custom kernels survive; a
 * backend registered before is removed, with every tensor on it.
 */
export async function startBackend(gpu: Gpu): Promise<void> {
  // Silences the library's advice on other packages and its "already registered" notes.
  tf.enableProdMode();
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  const { device, adapterInfo } = gpu;
  tf.registerBackend('webgpu', () => ourBackend(device, adapterInfo), 3);
  await tf.setBackend('webgpu');
  // Small inputs would otherwise run on the CPU: other numbers, and readers that block.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', MOST_DISPATCHES);
}

function ourBackend(device: GPUDevice, adapterInfo: GPUAdapterInfo): WebGPUBackend {
  // The types of tfjs-core's own copy of @webgpu/types differ in names only.
  const backend = new WebGPUBackend(device as never, adapterInfo as never);
  keepUniforms(backend);
  return backend;
}

/** Makes the device's backend the current one again. */
export async function chooseDevice(): Promise<void> {
  await tf.setBackend('webgpu');
}

/**
 * Takes tensors out of tfjs's books that went with a lost device: nobody disposes them any more, and they would be
 * counted for ever. All tensors there are count as gone; disposing one of them later does nothing.
 */
export function forgetTensors(): void {
  const { state } = tf.engine();
  state.tensorInfo = new WeakMap();
  state.numTensors = state.numDataBuffers = state.numBytes = 0;
}

const MEMBERS = [
  ...['tensorMap', 'uploadToGPU', 'ensureCommandEncoderReady', 'endComputePassEncoder', 'submitQueue'],
  ...['commandQueueOwnedIds', 'makeUniforms'],
];
const known = new WeakSet<object>();

/**
 * Looks at a backend before the first kernel runs on it: it may be the caller's own, of another version or on a device
 * that is too small. From then on its device's errors reach `faults`, and the console too where the device is not ours.
 * @throws OtherTfjs | LimitsTooLow
 */
export function meetBackend(backend: WebGPUBackend): void {
  if (known.has(backend)) return;
  const missing = MEMBERS.filter((member) => !(member in backend));
  if (tf.version_core !== KNOWN_VERSION || missing.length > 0) {
    throw new OtherTfjs(tf.version_core, KNOWN_VERSION, missing);
  }
  const device = backend.device as unknown as GPUDevice;
  const shortfalls = limitShortfalls(device.limits);
  if (shortfalls.length > 0) throw new LimitsTooLow(shortfalls);
  faults.watch(device, { aloud: true });
  known.add(backend);
}

/** The running webgpu backend. @throws Error when tfjs runs on another one */
export function webgpuBackend(): WebGPUBackend {
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error(`tfjs runs on ${tf.getBackend()}, not on webgpu`);
  return backend;
}

/** The device tfjs runs on. */
export function backendDevice(): GPUDevice {
  return webgpuBackend().device as unknown as GPUDevice;
}

/** The GPU buffer that holds the tensor, uploaded if its values were still on the CPU. Row-major, 4 bytes a value. */
export function bufferOf(tensor: tf.TensorInfo, backend = webgpuBackend()): GPUBuffer {
  backend.uploadToGPU(tensor.dataId);
  return backend.tensorMap.get(tensor.dataId).resource as GPUBuffer;
}

/** To be called after writing a tensor in place: drops the copy that data() keeps, or reads would be stale. */
export function forgetCpuCopy(tensor: tf.TensorInfo, backend = webgpuBackend()): void {
  backend.tensorMap.get(tensor.dataId).values = null as never;
}

/** Submits what tfjs has batched, so that work put on the queue next runs after it. Safe when nothing waits. */
export function flush(backend = webgpuBackend()): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}

/** Waits until the GPU has done all work so far, and throws what it reported. */
export async function settle(): Promise<void> {
  if (tf.getBackend() === 'webgpu') {
    flush();
    await backendDevice().queue.onSubmittedWorkDone();
  }
  faults.check();
}

/**
 * Records a dispatch into tfjs's own compute pass, in order with its operations and in the same batch: no extra
 * submission, and no buffer is recycled before the batch has left.
 */
export function recordDispatch(backend: WebGPUBackend, dispatch: Dispatch): void {
  const internals = backend as unknown as Internals;
  const bindGroup = bind(backend, dispatch);
  backend.ensureCommandEncoderReady();
  const pass = (internals.computePassEncoder ??= internals.commandEncoder!.beginComputePass());
  pass.setPipeline(dispatch.pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(...dispatch.workgroups);
  for (const tensor of dispatch.written) forgetCpuCopy(tensor, backend);
  for (const { dataId } of dispatch.tensors) internals.commandQueueOwnedIds.add(dataId);
  if (isFull(backend, ++internals.dispatchCountInPass)) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}

/**
 * Records other commands than dispatches into tfjs's batch, in order with its operations; they leave with it.
 * @param used tensors that must not be recycled before
 */
export function recordCommands(
  backend: WebGPUBackend,
  used: readonly tf.TensorInfo[],
  record: (encoder: GPUCommandEncoder) => void,
): void {
  const internals = backend as unknown as Internals;
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  record(internals.commandEncoder!);
  for (const { dataId } of used) internals.commandQueueOwnedIds.add(dataId);
}

/** Some values of one tensor into another, by index of the first in either. */
export interface BufferCopy {
  from: tf.TensorInfo;
  fromStart?: number;
  to: tf.TensorInfo;
  toStart?: number;
  count: number;
}

/** Records copies into tfjs's batch, in order with its operations; each ends the compute pass that is open. */
export function copyBuffers(backend: WebGPUBackend, copies: readonly BufferCopy[]): void {
  const buffers = copies.map(({ from, to }) => [bufferOf(from, backend), bufferOf(to, backend)] as const);
  const used = copies.flatMap(({ from, to }) => [from, to]);
  recordCommands(backend, used, (encoder) => {
    copies.forEach(({ fromStart = 0, toStart = 0, count }, i) => {
      const [source, target] = buffers[i]!;
      encoder.copyBufferToBuffer(source, 4 * fromStart, target, 4 * toStart, 4 * count);
    });
  });
  for (const { to } of copies) forgetCpuCopy(to, backend);
}

function isFull(backend: WebGPUBackend, dispatches: number): boolean {
  if (dispatches >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) return true;
  if (dispatches < FEW_DISPATCHES) return false;
  const { tensorDataPendingDisposal } = backend as unknown as Internals;
  let bytes = 0;
  for (const dataId of tensorDataPendingDisposal) {
    bytes += (backend.tensorMap.get(dataId)?.resource as GPUBuffer | null)?.size ?? 0;
  }
  return bytes > MOST_WAITING_BYTES;
}

/** Uploads come before the pass opens: an upload closes the pass that is open. */
function bind(backend: WebGPUBackend, { layout, tensors, uniforms }: Dispatch): GPUBindGroup {
  const resources: GPUBindingResource[] = tensors.map((tensor) => ({ buffer: bufferOf(tensor, backend) }));
  if (uniforms.length > 0) {
    resources.push((backend as unknown as Internals).makeUniforms(uniforms));
  }
  const device = backend.device as unknown as GPUDevice;
  return device.createBindGroup({
    layout,
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });
}

/** The tensor's values on the cpu backend: its own array, not a copy. */
export function cpuValues(backend: tf.MathBackendCPU, tensor: tf.TensorInfo): Float32Array {
  return backend.data.get(tensor.dataId).values as Float32Array;
}

/** An update in place on the cpu backend. The old array may belong to the caller, so it is left as it is. */
export function replaceCpuValues(
  backend: tf.MathBackendCPU,
  tensor: tf.TensorInfo,
  values: Float32Array,
): void {
  backend.data.get(tensor.dataId).values = values;
}

/** Bytes of GPU memory that tfjs holds, its pool of free buffers included, and the number of live tensors. Without a GPU, main memory. */
export function memory(): { gpuBytes: number; tensors: number } {
  const info = tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU?: number };
  const gpuBytes = onlyProcessor() ? heapBytes() : (info.numBytesAllocatedInGPU ?? info.numBytes);
  return { gpuBytes, tensors: info.numTensors };
}
