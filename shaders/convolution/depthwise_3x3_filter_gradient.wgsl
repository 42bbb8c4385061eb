// Gradient of depthwise_3x3.wgsl with respect to the filters: for each tap and channel the sum over all pixels of
// x(pixel + tap) * dy(pixel). Here one image row at a time; sum_slices.wgsl adds the rows in order, so the bits are the
// same at every run.
// A thread takes one channel of one image row and walks along it with the 3 x 3 neighbourhood in registers: 4 reads and
// 9 multiply-adds a pixel. Neighbouring threads take neighbouring channels. Workgroups of 64 threads, no workgroup memory.
// Dispatch: ceil(B * H * C / 64), spread over x and y. Demo (8 x 16 x 16 x 64): 128 groups.

import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  // B * H
  rows : u32,
  height : u32,
  width : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
@group(0) @binding(1) var<storage, read> dy : array<f32>;
// [rows, 3, 3, channels]
@group(0) @binding(2) var<storage, read_write> partials : array<f32>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

const THREADS = 64u;

// The values above, at and below a pixel; zeros outside the image.
fn columnOf(row : u32, inImage : u32, column : u32, channel : u32) -> vec3f {
  let stride = sizes.width * sizes.channels;
  let middle = row * stride + column * sizes.channels + channel;
  var values = vec3f(0.0, x[middle], 0.0);
  if (inImage > 0) {
    values.x = x[middle - stride];
  }
  if (inImage + 1 < sizes.height) {
    values.z = x[middle + stride];
  }
  return values;
}

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.rows * sizes.channels) {
    return;
  }
  let channel = index % sizes.channels;
  let row = index / sizes.channels;
  let inImage = row % sizes.height;

  var left = vec3f();
  var middle = columnOf(row, inImage, 0, channel);
  // Column kx of the matrix is tap column kx.
  var sums = mat3x3f();
  for (var column = 0u; column < sizes.width; column++) {
    var right = vec3f();
    if (column + 1 < sizes.width) {
      right = columnOf(row, inImage, column + 1, channel);
    }
    let d = dy[(row * sizes.width + column) * sizes.channels + channel];
    sums += mat3x3f(left * d, middle * d, right * d);
    left = middle;
    middle = right;
  }
  for (var tap = 0u; tap < 9; tap++) {
    partials[(row * 9 + tap) * sizes.channels + channel] = sums[tap % 3][tap / 3];
  }
}
