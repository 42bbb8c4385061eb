// tfjs's wasm backend (XNNPACK, on SIMD where there is any): beside the GPU's for frozen networks, where the adapter computes on the processor
// anyway; and for everything, where there is no WebGPU. It is fetched only when it is started. Where there is no WebAssembly either,
// tfjs's cpu backend computes everything, in plain loops.
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { tf } from './tf';
import { yieldToEventLoop } from './yieldToEventLoop';

export type { BackendWasm };

const NAME = 'wasm';
/** Never to be chosen by tfjs itself. */
const LAST = 0;
/** The package asks for an address of each of its files. */
const FILES = {
  'tfjs-backend-wasm.wasm': plainUrl,
  'tfjs-backend-wasm-simd.wasm': simdUrl,
  'tfjs-backend-wasm-threaded-simd.wasm': simdUrl,
};

let running: BackendWasm | null = null;
let starting: Promise<boolean> | null = null;
let simd = true;
let factory: (() => BackendWasm | Promise<BackendWasm>) | null = null;

/**
 * Loads the backend and registers it with tfjs; the current backend stays what it is.
 * @returns false where it cannot be had: no WebAssembly, or its file is not served
 */
export function startProcessor(): Promise<boolean> {
  if (running) return Promise.resolve(true);
  starting ??= load()
    .catch(() => false)
    .finally(() => (starting = null));
  return starting;
}

/** Ends the backend, with every tensor on it. */
export function stopProcessor(): void {
  if (!running) return;
  const restore = keepListeners();
  tf.removeBackend(NAME);
  restore();
  running = null;
}

const ERROR_EVENTS = ['uncaughtException', 'unhandledRejection'];

/**
 * What becomes of errors that nobody caught is not for a library to say: in Node the backend adds its own listeners when it
 * starts, and takes everybody's off when it ends. @returns what puts them back as they are now
 */
function keepListeners(): () => void {
  if (!import.meta.env.SSR) return () => undefined;
  const emitter: NodeJS.EventEmitter = process;
  const before = ERROR_EVENTS.map((event) => emitter.rawListeners(event));
  return () =>
    ERROR_EVENTS.forEach((event, i) => {
      emitter.removeAllListeners(event);
      for (const listener of before[i]!) emitter.on(event, listener as (...args: unknown[]) => void);
    });
}

async function load(): Promise<boolean> {
  if (typeof WebAssembly === 'undefined') return false;
  factory ??= await loadFactory();
  // The package takes the file that fits what this finds.
  simd = Boolean(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'));
  const restore = keepListeners();
  const backend = await factory();
  restore();
  lendCpuKernels();
  // It copies values out of its heap by itself.
  letOthersIn(backend, (dataId) => backend.readSync(dataId));
  tf.registerBackend(NAME, () => backend, LAST);
  running = backend;
  return true;
}

async function loadFactory(): Promise<NonNullable<typeof factory>> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // The package's registration answers late: choosing the backend through it would leave tfjs without one meanwhile,
  // under the hands of whoever computes on the GPU.
  const make = tf.findBackendFactory(NAME) as NonNullable<typeof factory>;
  tf.removeBackend(NAME);
  keepNaN();
  // Threads need a page isolated from other origins, and workers made of blobs, which our policy forbids.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  // Node finds the file beside the package.
  if (!import.meta.env.SSR) setWasmPaths(FILES);
  return make;
}

/**
 * XNNPACK's rectifiers make 0 of NaN: what has diverged would pass for sound. Replaced where they stand alone; those within a
 * convolution come after weights and inputs that were looked at.
 */
function keepNaN(): void {
  for (const [kernelName, top] of [['Relu', Infinity] as const, ['Relu6', 6] as const]) {
    const kernelFunc: tf.KernelFunc = ({ inputs, backend }) => {
      const wasm = backend as BackendWasm;
      const { x } = inputs as { x: tf.TensorInfo };
      // First the room for the result: it may move everything else.
      const result = wasm.makeOutput(x.shape, 'float32');
      const [from, to] = [x, result].map((tensor) => wasm.typedArrayFromHeap(tensor)) as Float32Array[];
      for (let i = 0; i < from!.length; i++) {
        const value = from![i]!;
        to![i] = value < 0 ? 0 : value > top ? top : value;
      }
      return result;
    };
    tf.unregisterKernel(kernelName, NAME);
    tf.registerKernel({ kernelName, backendName: NAME, kernelFunc });
  }
}

/** Makes it the current backend, where there is no GPU. @throws Error unless it was started */
export async function chooseProcessor(): Promise<void> {
  tf.enableProdMode();
  await tf.setBackend(NAME);
}

const LOOPS = 'cpu';

/** Makes tfjs's cpu backend the current one, and our kernels their plain references: where there is no WebAssembly. */
export async function choosePlainLoops(): Promise<void> {
  tf.enableProdMode();
  await tf.setBackend(LOOPS);
  const backend = tf.backend() as tf.MathBackendCPU;
  // A copy: it would give the tensor's own array, which a message to the page takes away.
  letOthersIn(backend, (dataId) => backend.readSync(dataId).slice() as Float32Array);
}

/**
 * Values are read at once, for the tensor may be disposed of meanwhile; then others get a turn, as with a GPU, or a training
 * would hear nobody until its end.
 */
function letOthersIn(
  backend: Pick<BackendWasm, 'read'>,
  readCopy: (dataId: object) => ReturnType<BackendWasm['readSync']>,
): void {
  backend.read = async (dataId) => {
    const values = readCopy(dataId);
    await yieldToEventLoop();
    return values;
  };
}

/** Whether it computes four numbers at once; without, several times more slowly. */
export const hasSimd = (): boolean => simd;

/** Whether tfjs as a whole runs on it. */
export const onlyProcessor = (): boolean => tf.getBackend() === NAME;

/** A tensor's values where they lie; valid until something else is allocated. */
export function heapValues(tensor: tf.TensorInfo): Float32Array {
  return running!.typedArrayFromHeap(tensor) as Float32Array;
}

/** The same for a tensor on whichever backend of the processor it lies. */
export function processorValues(tensor: tf.TensorInfo): Float32Array {
  if ((running as unknown as Internals | null)?.dataIdMap.has(tensor.dataId)) return heapValues(tensor);
  return (tf.findBackend(LOOPS) as tf.MathBackendCPU).data.get(tensor.dataId).values as Float32Array;
}

/** Bytes of memory it has taken so far; it never gives any back. */
export const heapBytes = (): number =>
  running ? (running as unknown as Internals).wasm.HEAPU8.byteLength : 0;

/** Members that exist in 4.22.0 but are not in its types. */
interface Internals {
  dataIdNextNumber: number;
  dataIdMap: { has(dataId: object): boolean; get(dataId: object): { id: number; memoryOffset: number } };
  wasm: {
    HEAPU8: Uint8Array;
    tfjs: { disposeData(id: number): void; registerTensor(id: number, size: number, offset: number): void };
  };
}

/**
 * New values for a tensor, where it lies. XNNPACK packs weights once a tensor's number and keeps them: it gets a new
 * number, or convolutions would go on with the old values.
 */
export function replaceHeapValues(tensor: tf.TensorInfo, values: Float32Array): void {
  heapValues(tensor).set(values);
  const internals = running as unknown as Internals;
  const data = internals.dataIdMap.get(tensor.dataId);
  internals.wasm.tfjs.disposeData(data.id);
  data.id = internals.dataIdNextNumber++;
  internals.wasm.tfjs.registerTensor(data.id, tf.util.sizeFromShape(tensor.shape), data.memoryOffset);
}

/** What the wasm backend has no kernel for is done by the cpu backend's, on copies. */
function lendCpuKernels(): void {
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('cpu')) {
    if (tf.getKernel(kernelName, NAME)) continue;
    tf.registerKernel({ kernelName, backendName: NAME, kernelFunc: onCopies(kernelFunc) });
  }
}

function onCopies(kernelFunc: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const wasm = backend as BackendWasm;
    const cpu = tf.findBackend('cpu') as tf.MathBackendCPU;
    const copied: tf.TensorInfo[] = [];
    const copy = (tensor: tf.TensorInfo) => {
      const values = wasm.readSync(tensor.dataId);
      const info = cpu.makeTensorInfo(tensor.shape, tensor.dtype, values as Float32Array);
      copied.push(info);
      return info;
    };
    const given = Object.fromEntries(
      Object.entries(inputs).map(([name, tensor]) => [
        name,
        Array.isArray(tensor) ? tensor.map(copy) : tensor && copy(tensor),
      ]),
    );
    const results = kernelFunc({ inputs: given as tf.NamedTensorInfoMap, attrs, backend: cpu });
    const brought = (Array.isArray(results) ? results : [results]).map(({ shape, dtype, dataId }) =>
      wasm.makeOutput(shape, dtype, undefined, cpu.data.get(dataId).values as Float32Array),
    );
    for (const { dataId } of [...copied, ...(Array.isArray(results) ? results : [results])]) {
      cpu.disposeData(dataId);
    }
    return Array.isArray(results) ? brought : brought[0]!;
  };
}

/**
 * Computes on the wasm backend, whichever is the current one. All in one turn of the thread, so that nobody else ever sees
 * the switch; `compute` must not wait for anything.
 */
export function onProcessor<T>(compute: () => T): T {
  // The default one, where none was chosen yet.
  const current = tf.getBackend() ?? 'cpu';
  if (current === NAME) return compute();
  // Done when it returns, for the backend is there: only its promise comes later.
  void tf.setBackend(NAME);
  try {
    return compute();
  } finally {
    void tf.setBackend(current);
  }
}

/** Tensors of the wasm backend as tensors of the current one; the former are disposed of. */
export function fromProcessor<T extends tf.Tensor>(tensors: readonly T[]): T[] {
  if (onlyProcessor()) return [...tensors];
  return tensors.map((tensor) => {
    const { dtype, shape, dataId } = tensor;
    const values = running!.readSync(dataId) as Float32Array;
    tensor.dispose();
    return tf.tensor(values, shape, dtype) as T;
  });
}
