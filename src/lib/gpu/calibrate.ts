// How fast this adapter is, measured: a plain 3x3 convolution, the yardstick beside every time figure.
// About 100 ms; machines differ a thousandfold, so the work grows until it takes long enough to time.
import { settle } from './backend';
import { tf } from './tf';

const SIDE = 32;
const CHANNELS = 32;
/** Multiply and add count as two. */
const FLOPS = SIDE * SIDE * CHANNELS * CHANNELS * 3 * 3 * 2;
const ENOUGH_MS = 30;
const MAX_REPEATS = 4096;

/**
 * Speed of a 3x3 convolution (32 x 32 x 32 to 32 channels, stride 1) on the current backend.
 * @returns GFLOP/s, the best of the last measurement. @throws what the GPU reported
 */
export async function calibrate(): Promise<number> {
  const image = tf.ones<tf.Rank.R4>([1, SIDE, SIDE, CHANNELS]);
  const kernel = tf.ones<tf.Rank.R4>([3, 3, CHANNELS, CHANNELS]);
  try {
    // The first run compiles the shader.
    await timeConvolutions(image, kernel, 1);
    for (let repeats = 1; ; repeats *= 4) {
      const ms = await timeConvolutions(image, kernel, repeats);
      if (ms >= ENOUGH_MS || repeats >= MAX_REPEATS) return (repeats * FLOPS) / ms / 1e6;
    }
  } finally {
    tf.dispose([image, kernel]);
  }
}

async function timeConvolutions(image: tf.Tensor4D, kernel: tf.Tensor4D, repeats: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) tf.conv2d(image, kernel, 1, 'same').dispose();
  await settle();
  return performance.now() - start;
}
