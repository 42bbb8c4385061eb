// Runs a suite of tests on tfjs's webgpu backend (Dawn in Node, a software adapter) and on its cpu backend, the
// numeric reference. CPU forwarding is off, so the GPU really computes; after each test the sink of GPU errors
// must be empty, because WebGPU answers a mistake with zeros, not with an exception.
import { afterEach, beforeAll, describe, expect } from 'vitest';
import { settle, startBackend } from '../lib/gpu/backend';
import { requestGpu } from '../lib/gpu/device';
import { startProcessor } from '../lib/gpu/processor';
import { installDawn } from '../lib/gpu/node';
import { tf } from '../lib/gpu/tf';

export type BackendName = 'webgpu' | 'cpu' | 'wasm';

/** Opens the software adapter and puts tfjs on it. One device a test file: a second call changes nothing. */
export async function useWebgpu(): Promise<void> {
  if (!tf.findBackendFactory('webgpu')) {
    await installDawn({ software: true });
    await startBackend(await requestGpu());
  }
  await tf.setBackend('webgpu');
}

/**
 * Runs tfjs's own operations on the cpu backend: expected values without compiling a shader for each of them, which
 * takes longer on a software adapter than everything else in a test.
 */
export async function onCpu<T>(compute: () => Promise<T>): Promise<T> {
  const backend = tf.getBackend();
  await tf.setBackend('cpu');
  try {
    return await compute();
  } finally {
    await tf.setBackend(backend);
  }
}

/** A suite on the webgpu backend alone: for what has no meaning on a CPU (shaders, buffers, the device). */
export function describeWebgpu(name: string, suite: () => void): void {
  describe(name, () => {
    beforeAll(useWebgpu);
    afterEach(expectNoFaults);
    suite();
  });
}

/** The same suite on both backends, as `name on webgpu` and `name on cpu`. */
export function describeBackends(name: string, suite: (backend: BackendName) => void): void {
  describeWebgpu(`${name} on webgpu`, () => suite('webgpu'));
  describe(`${name} on cpu`, () => {
    beforeAll(async () => void (await tf.setBackend('cpu')));
    suite('cpu');
  });
}

/** The same suite where the product trains: on webgpu, and on wasm, which is much faster than tfjs's cpu backend. */
export function describeTiers(name: string, suite: (backend: BackendName) => void): void {
  describeWebgpu(`${name} on webgpu`, () => suite('webgpu'));
  describeWasm(name, suite);
}

/** On the wasm backend too, which runs frozen networks where the adapter is a software one. */
export function describeAllBackends(name: string, suite: (backend: BackendName) => void): void {
  describeBackends(name, suite);
  describeWasm(name, suite);
}

function describeWasm(name: string, suite: (backend: BackendName) => void): void {
  describe(`${name} on wasm`, () => {
    beforeAll(async () => {
      expect(await startProcessor()).toBe(true);
      await tf.setBackend('wasm');
    });
    suite('wasm');
  });
}

/** Asserted with the faults' own text in the failure. */
async function expectNoFaults(): Promise<void> {
  await expect(settle()).resolves.toBeUndefined();
}
