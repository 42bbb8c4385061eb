// Where a convolution's kernel lies over its input: output size and padding of one axis. Pure arithmetic.

/** torch's symmetric padding of k >> 1 on all sides, or TensorFlow's SAME: the surplus goes right and down. */
export type Padding = 'symmetric' | 'same';

export interface Window {
  kernel: number;
  stride: number;
  padding: Padding;
}

/** Output size of one axis, and how many padded samples lie before its first one. */
export function alongAxis(
  size: number,
  { kernel, stride, padding }: Window,
): { output: number; before: number } {
  if (padding === 'symmetric') {
    const before = kernel >> 1;
    return { output: Math.floor((size + 2 * before - kernel) / stride) + 1, before };
  }
  const output = Math.ceil(size / stride);
  const missing = Math.max((output - 1) * stride + kernel - size, 0);
  return { output, before: missing >> 1 };
}
