// Each way of having no GPU must be told apart, because each needs another remedy.
import { describe, expect, it } from 'vitest';
import { isSoftware, limitShortfalls, requestGpu } from './device';
import { Faults } from './faults';
import { DeviceLost, GpuFault } from './errors';

const LIMITS = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupStorageSize: 2 ** 14,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxStorageBuffersPerShaderStage: 8,
};

const gpuWith = (requestAdapter: () => Promise<unknown>) => ({ requestAdapter }) as unknown as GPU;

describe('requestGpu', () => {
  it('says that WebGPU is missing when there is no entry point', async () => {
    await expect(requestGpu(undefined)).rejects.toMatchObject({ name: 'WebGpuMissing' });
  });

  it('says that the adapter is missing when none is given, or asking fails', async () => {
    await expect(requestGpu(gpuWith(async () => null))).rejects.toMatchObject({ name: 'AdapterMissing' });
    const failing = gpuWith(() => Promise.reject(new Error('no driver')));
    await expect(requestGpu(failing)).rejects.toMatchObject({ name: 'AdapterMissing' });
  });

  it('names the limit that is too low, with both numbers', async () => {
    const limits = { ...LIMITS, maxStorageBuffersPerShaderStage: 4 };
    const small = gpuWith(async () => ({ limits, features: new Set(), info: {} }));
    await expect(requestGpu(small)).rejects.toMatchObject({
      name: 'LimitsTooLow',
      message: expect.stringContaining('maxStorageBuffersPerShaderStage is 4, needed are 8'),
    });
  });
});

describe('limitShortfalls', () => {
  it('accepts the guaranteed limits of WebGPU', () => {
    expect(limitShortfalls(LIMITS)).toEqual([]);
  });
});

describe('isSoftware', () => {
  const info = { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false };
  it.each([
    ['SwiftShader driver 5.0.0', true],
    ['llvmpipe: Mesa 25.0.7', true],
    ['NVIDIA GeForce RTX 4090', false],
  ])('%s: %s', (description, software) => {
    expect(isSoftware({ ...info, description } as GPUAdapterInfo)).toBe(software);
  });
});

describe('Faults', () => {
  it('throws what was reported once, then forgets it', () => {
    const sink = new Faults();
    sink.report(new GpuFault('first'));
    sink.report(new GpuFault('second'));
    expect(() => sink.check()).toThrow('first\nsecond');
    expect(() => sink.check()).not.toThrow();
  });

  it('prefers the loss of the device over the errors it drags along', () => {
    const sink = new Faults();
    sink.report(new GpuFault('consequence'));
    sink.report(new DeviceLost('driver reset'));
    expect(() => sink.check()).toThrow(DeviceLost);
  });

  it('tells a listener until it stops listening', () => {
    const sink = new Faults();
    const heard: string[] = [];
    const stop = sink.subscribe((fault) => heard.push(fault.message));
    sink.report(new GpuFault('one'));
    stop();
    sink.report(new GpuFault('two'));
    expect(heard).toEqual(['one']);
  });
});
