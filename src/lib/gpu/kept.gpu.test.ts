// What is kept on the GPU is not uploaded twice, and gives the same numbers when it had to make room.
import { expect, it, vi } from 'vitest';
import { describeWebgpu } from '../../testing/gpu';
import { bufferOf, settle, webgpuBackend } from './backend';
import { keptTensor, keptVector } from './kept';
import { tf } from './tf';

/** Uniform structs written while `work` runs. */
async function writes(work: () => unknown): Promise<number> {
  const spy = vi.spyOn(GPUQueue.prototype, 'writeBuffer');
  await work();
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

describeWebgpu('uniforms', () => {
  const x = () => tf.tensor1d([1, 2, 3]);
  const clipped = (most: number) => tf.tidy(() => x().clipByValue(0, most));

  it('are written once for the same numbers, and again for others', async () => {
    const work = (most: number) => writes(() => clipped(most).dispose());
    expect(await work(2.5)).toBeGreaterThan(0);
    expect(await work(2.5)).toBe(0);
    expect(await work(1.5)).toBeGreaterThan(0);
  });

  it('stay right when more different ones come than are kept', async () => {
    const results: tf.Tensor[] = [];
    for (let i = 0; i < 1100; i++) {
      const result = clipped(1 + i / 1000);
      if (i % 100 === 0) results.push(result);
      else result.dispose();
    }
    for (const [i, result] of results.entries())
      expect((await result.data())[1]).toBeCloseTo(Math.min(2, 1 + i / 10), 6);
    expect((await clipped(1.001).data())[2]).toBeCloseTo(1.001, 6);
    tf.dispose(results);
    await settle();
  });
});

describeWebgpu('a kept tensor', () => {
  it('is the same one for the same key, until many others came', () => {
    const backend = webgpuBackend();
    const make = vi.fn(() => ({ shape: [2], values: Float32Array.of(1, 2) }));
    const before = tf.memory().numTensors;
    const first = keptTensor(backend, 'two numbers', make);
    bufferOf(first);
    expect(keptTensor(backend, 'two numbers', make)).toBe(first);
    for (let i = 0; i < 70; i++) bufferOf(keptVector(backend, 1 + i, 5));
    expect(keptTensor(backend, 'two numbers', make)).not.toBe(first);
    expect(make).toHaveBeenCalledTimes(2);
    expect(tf.memory().numTensors).toBe(before);
  });
});
