// tfjs's wasm backend (XNNPACK on SIMD) beside the GPU's: where the adapter computes on the processor anyway, frozen
// networks run several times faster on it. It is fetched only when it is started.
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { tf } from './tf';

export type { BackendWasm };

const NAME = 'wasm';
/** Never to be chosen by tfjs itself. */
const LAST = 0;
const FILES = ['-simd', '', '-threaded-simd'].map((kind) => `tfjs-backend-wasm${kind}.wasm`);

let running: BackendWasm | null = null;
let starting: Promise<boolean> | null = null;
let factory: (() => BackendWasm | Promise<BackendWasm>) | null = null;

/**
 * Loads the backend and registers it with tfjs; the current backend stays what it is.
 * @returns false where it cannot be had: no SIMD in WebAssembly, or its file is not served
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
  if (running) tf.removeBackend(NAME);
  running = null;
}

async function load(): Promise<boolean> {
  factory ??= await loadFactory();
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) return false;
  const backend = await factory();
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
  // Threads need a page isolated from other origins, and workers made of blobs, which our policy forbids.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  // Node finds the file beside the package.
  if (!import.meta.env.SSR) setWasmPaths(Object.fromEntries(FILES.map((file) => [file, wasmUrl])));
  return make;
}

/**
 * Computes on the wasm backend, whichever is the current one. All in one turn of the thread, so that nobody else ever sees
 * the switch; `compute` must not wait for anything.
 */
export function onProcessor<T>(compute: () => T): T {
  const current = tf.getBackend();
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
  return tensors.map((tensor) => {
    const { dtype, shape, dataId } = tensor;
    const values = running!.readSync(dataId) as Float32Array;
    tensor.dispose();
    return tf.tensor(values, shape, dtype) as T;
  });
}
