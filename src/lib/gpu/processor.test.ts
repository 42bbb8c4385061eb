// Where WebAssembly has no SIMD, plain loops compute the same.
import { afterEach, expect, it } from 'vitest';
import { hasSimd, heapValues, onProcessor, startProcessor, stopProcessor } from './processor';
import { tf } from './tf';

const FLAG = 'WASM_HAS_SIMD_SUPPORT';

/** A small convolution, computed by the backend as it runs. */
function convolution(): Float32Array {
  const values = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i));
  return onProcessor(() =>
    tf.tidy(() => {
      const image = tf.tensor4d(values(10 * 10 * 8), [1, 10, 10, 8]);
      const filter = tf.tensor4d(values(3 * 3 * 8 * 16), [3, 3, 8, 16]);
      return heapValues(tf.conv2d(image, filter, 1, 'same')).slice();
    }),
  );
}

afterEach(() => {
  stopProcessor();
  tf.env().set(FLAG, true);
});

it('computes without SIMD what it computes with it', async () => {
  expect(await startProcessor()).toBe(true);
  expect(hasSimd()).toBe(true);
  const fast = convolution();
  stopProcessor();
  tf.env().set(FLAG, false);
  expect(await startProcessor()).toBe(true);
  expect(hasSimd()).toBe(false);
  const plain = convolution();
  expect(plain).toHaveLength(1600);
  expect(Math.max(...plain.map((value, i) => Math.abs(value - fast[i]!)))).toBeLessThan(2e-5);
});

it('is refused where there is no WebAssembly', async () => {
  const { WebAssembly } = globalThis;
  Reflect.deleteProperty(globalThis, 'WebAssembly');
  try {
    expect(await startProcessor()).toBe(false);
  } finally {
    Object.assign(globalThis, { WebAssembly });
  }
});
