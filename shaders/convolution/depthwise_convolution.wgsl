// Depthwise convolution with bias and activation in one pass over NHWC maps: every channel has a filter of its own.
// A thread makes 4 neighbouring pixels of a row times 4 channels: for each offset of the kernel it reads one filter
// vec4 and 4 pixels. Neighbouring threads take neighbouring channels, so all reads and writes are contiguous; rows that
// overlap between threads come from the cache. No workgroup memory, no barrier.
// 64 threads a group; groups: ceil(B * outHeight * ceil(outWidth / 4) * channels / 4 / 64), spread over x and y.
// Every sum runs in memory order in one thread: the same bits at every run. The channel count is a multiple of 4.
// Sizes are uniforms, so a network of many shapes needs few pipelines.

import package::shared::activation::activate;
import package::shared::invocation::{elementOf, Invocation};
import package::shared::strips::{columnsFrom, STRIP, stripOf, stripsOf};

const THREADS = 64u;

struct Sizes {
  batch : u32,
  height : u32,
  width : u32,
  // In vec4.
  channels : u32,
  outHeight : u32,
  outWidth : u32,
  kernel : u32,
  stride : u32,
  top : i32,
  left : i32,
}

@group(0) @binding(0) var<storage, read> x : array<vec4f>;
// [kernel, kernel, channels]
@group(0) @binding(1) var<storage, read> filters : array<vec4f>;
@group(0) @binding(2) var<storage, read> bias : array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y : array<vec4f>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.batch * sizes.outHeight * stripsOf(sizes.outWidth) * sizes.channels) {
    return;
  }
  let strip = stripOf(index, sizes.channels, sizes.outHeight, sizes.outWidth);

  // Column p is pixel p of the strip.
  let start = bias[strip.channel];
  var sums = mat4x4f(start, start, start, start);
  for (var ky = 0u; ky < sizes.kernel; ky++) {
    let inY = i32(strip.y * sizes.stride + ky) - sizes.top;
    if (inY < 0 || inY >= i32(sizes.height)) {
      continue;
    }
    let row = (strip.image * sizes.height + u32(inY)) * sizes.width;
    for (var kx = 0u; kx < sizes.kernel; kx++) {
      let columns = columnsFrom(i32(strip.firstX * sizes.stride + kx) - sizes.left, sizes.stride, sizes.width);
      let inside = columns.inside;
      let at = (row + columns.x) * sizes.channels + strip.channel;
      let weight = filters[(ky * sizes.kernel + kx) * sizes.channels + strip.channel];
      sums += mat4x4f(
        x[at.x] * (weight * inside.x),
        x[at.y] * (weight * inside.y),
        x[at.z] * (weight * inside.z),
        x[at.w] * (weight * inside.w),
      );
    }
  }

  let count = min(STRIP, sizes.outWidth - strip.firstX);
  let first = ((strip.image * sizes.outHeight + strip.y) * sizes.outWidth + strip.firstX) * sizes.channels + strip.channel;
  for (var p = 0u; p < count; p++) {
    y[first + p * sizes.channels] = activate(sums[p]);
  }
}
