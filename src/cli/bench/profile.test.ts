import { expect, it } from 'vitest';
import { profileTable } from './profile';

it('shows the kernels that matter, and the others in one line', () => {
  const kernel = (shader: string, milliseconds: number, gflops: number | null) => ({
    ...{ shader, dispatches: 2, milliseconds, share: milliseconds / 10, gflops, gigabytes: gflops },
  });
  const kernels = [kernel('convolution', 9.96, 1234), kernel('a', 0.03, null), kernel('b', 0.01, 1)];
  const lines = profileTable({ phase: 'live update', milliseconds: 10, kernels });
  expect(lines[1]).toBe('live update: 10.0 ms on the GPU');
  expect(lines[3]).toMatch(/^convolution +2 +9\.96 +99\.6 % +1\.23e\+3 +1\.23e\+3$/);
  expect(lines[4]).toMatch(/^2 others +4 +0\.0400 +0\.4 %/);
  expect(lines).toHaveLength(5);
});
