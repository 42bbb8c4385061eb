import { describe, expect, it } from 'vitest';
import { describeWebgpu } from '../../testing/gpu';
import { backendDevice, flush, settle } from './backend';
import { byShader, profile, TimestampsMissing } from './profiler';
import { tf } from './tf';

describeWebgpu('profile', () => {
  it('times every dispatch of tfjs under the name of its program, changes no result, and leaves the device as it was', async () => {
    const device = backendDevice();
    const { createCommandEncoder } = device;
    const [a, b] = [tf.ones([64, 64]), tf.ones([64, 64])];
    let product: tf.Tensor = a;
    await settle();
    const times = await profile(device, async () => {
      product = tf.tidy(() => tf.matMul(a, b).add(1));
      flush();
    });
    expect(times.map(({ shader }) => shader)).toEqual([expect.stringContaining('MatMul'), 'BinaryOpProgram']);
    expect(times.every(({ nanoseconds }) => nanoseconds > 0 && nanoseconds < 60e9)).toBe(true);
    expect((await product.data()).every((value) => value === 65)).toBe(true);
    expect(device.createCommandEncoder).toBe(createCommandEncoder);
    tf.dispose([a, b, product]);
  });

  it('refuses a device without timestamps', async () => {
    const device = { features: new Set() } as unknown as GPUDevice;
    await expect(profile(device, async () => undefined)).rejects.toThrow(TimestampsMissing);
  });
});

describe('byShader', () => {
  it('adds up by name, the slowest first', () => {
    const times = [
      { shader: 'a', nanoseconds: 1e6 },
      { shader: 'b', nanoseconds: 3e6 },
      { shader: 'a', nanoseconds: 1e6 },
    ];
    expect(byShader(times)).toEqual([
      { shader: 'b', dispatches: 1, milliseconds: 3 },
      { shader: 'a', dispatches: 2, milliseconds: 2 },
    ]);
  });
});
