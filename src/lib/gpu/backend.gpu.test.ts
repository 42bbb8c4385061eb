// One test per assumption about members that tfjs does not document (all of them used in backend.ts), and the
// smoke test of the whole path: device, backend, an operation, its result.
import { describe, expect, it } from 'vitest';
import { describeBackends, describeWebgpu } from '../../testing/gpu';
import {
  backendDevice,
  bufferOf,
  flush,
  forgetCpuCopy,
  meetBackend,
  memory,
  settle,
  webgpuBackend,
} from './backend';
import { OtherTfjs } from './errors';
import { faults } from './faults';
import { tf } from './tf';

describeBackends('a tensor operation', (backend) => {
  it('runs on the backend that was asked for', async () => {
    expect(tf.getBackend()).toBe(backend);
    const sum = tf.tidy(() => tf.add(tf.tensor1d([1, 2, 3]), 1));
    expect([...(await sum.data())]).toEqual([2, 3, 4]);
    sum.dispose();
  });
});

describeWebgpu('the webgpu backend', () => {
  it('computes a convolution and its gradient', async () => {
    const [x, w] = [tf.ones<tf.Rank.R4>([1, 4, 4, 2]), tf.ones<tf.Rank.R4>([3, 3, 2, 1])];
    const gradient = tf.grad((filter: tf.Tensor) => tf.conv2d(x, filter as tf.Tensor4D, 1, 'same').sum())(w);
    // The middle tap sees all 16 pixels, a corner tap 9 of them.
    expect([...(await gradient.data())].filter((_, i) => i % 2 === 0)).toEqual([
      9, 12, 9, 12, 16, 12, 9, 12, 9,
    ]);
    tf.dispose([x, w, gradient]);
  });

  it('runs on our device, with the limits that we raised', () => {
    const { device } = webgpuBackend();
    expect(device.limits.maxStorageBuffersPerShaderStage).toBeGreaterThan(8);
    expect(device as unknown).toBe(backendDevice());
  });

  it('keeps a tensor in a buffer of exactly its size', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    expect(bufferOf(x).size).toBe(12);
    x.dispose();
  });

  it('shows a write in place once the CPU copy is forgotten', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const buffer = bufferOf(x);
    expect([...(await x.data())]).toEqual([1, 2, 3]);
    backendDevice().queue.writeBuffer(buffer, 0, new Float32Array([7, 8, 9]));
    forgetCpuCopy(x);
    expect([...(await x.data())]).toEqual([7, 8, 9]);
    x.dispose();
  });

  it('flushes its batch, also when nothing waits', () => {
    const x = tf.tidy(() => tf.ones([4]).add(1));
    flush();
    flush();
    x.dispose();
  });

  it('counts the bytes and the tensors that it holds', async () => {
    const before = memory();
    const x = tf.zeros([1, 1031]);
    bufferOf(x);
    expect(memory().gpuBytes).toBeGreaterThanOrEqual(before.gpuBytes + 4 * 1031);
    expect(memory().tensors).toBe(before.tensors + 1);
    x.dispose();
    await settle();
  });
});

describe('an error on the GPU', () => {
  it('reaches the sink and fails the next check with its text', async () => {
    await tf.setBackend('webgpu');
    backendDevice().createBuffer({
      size: 16,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE,
      label: 'odd',
    });
    await expect(settle()).rejects.toMatchObject({
      name: 'GpuFault',
      message: expect.stringMatching(/usage/i),
    });
    expect(faults.drain()).toEqual([]);
  });
});

describeWebgpu("a caller's own backend", () => {
  /** The running backend with some members in place of its own. */
  const changed = (members: object) =>
    new Proxy(webgpuBackend(), {
      get: (target, name) => Reflect.get(name in members ? members : target, name) as unknown,
      has: (target, name) => (name in members ? Reflect.get(members, name) !== undefined : name in target),
    });

  it('is refused with a remedy when it is of another version', () => {
    expect(() => meetBackend(changed({ makeUniforms: undefined }))).toThrow(OtherTfjs);
    expect(() => meetBackend(changed({ makeUniforms: undefined }))).toThrow(/lacks makeUniforms/);
  });

  it('is refused with a remedy when its device is too small', () => {
    const { limits } = backendDevice();
    const small = { ...limitsOf(limits), maxComputeInvocationsPerWorkgroup: 128 };
    const device = { limits: small, addEventListener: () => undefined, lost: new Promise(() => undefined) };
    expect(() => meetBackend(changed({ device }))).toThrow(/maxComputeInvocationsPerWorkgroup is 128/);
  });

  it('has its mistakes reported', async () => {
    const device = backendDevice();
    faults.watch(device);
    device.createBuffer({ size: 16, usage: 0x8000_0000 });
    await device.queue.onSubmittedWorkDone();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(() => faults.check()).toThrow(/GPU reported an error/);
  });
});

/** Limits are getters of a prototype; this is a plain copy. */
function limitsOf(limits: GPUSupportedLimits): Record<string, number> {
  const copy: Record<string, number> = {};
  for (const name in limits) copy[name] = limits[name as keyof GPUSupportedLimits] as number;
  return copy;
}
