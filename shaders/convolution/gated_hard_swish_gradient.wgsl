// Gradients of gated_hard_swish.wgsl: with z = x * gate and d = dy * hardSwish'(z), the gradient of x is d * gate, and
// that of a gate the sum of d * x over its image's pixels. Here over slices of 32 pixels; sum_slices.wgsl adds the
// slices in order, so the bits are the same at every run.
// A thread takes one channel of one slice, neighbouring threads neighbouring channels; no workgroup memory, no barrier.
// Workgroups of 64 threads. Dispatch: ceil(B * slices * C / 64), spread over x and y. Demo (8 x 256 x 64): 64 groups.

import package::shared::activation::hardSwishSlope;
import package::shared::invocation::{elementOf, Invocation};
import package::shared::slices::{sliceOf, slicesOf};

struct Sizes {
  batch : u32,
  // H * W
  pixels : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
// [batch, channels]
@group(0) @binding(1) var<storage, read> gates : array<f32>;
@group(0) @binding(2) var<storage, read> dy : array<f32>;
@group(0) @binding(3) var<storage, read_write> dx : array<f32>;
// [slices, batch, channels]
@group(0) @binding(4) var<storage, read_write> partials : array<f32>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= slicesOf(sizes.pixels) * sizes.batch * sizes.channels) {
    return;
  }
  let slice = sliceOf(index, sizes.batch, sizes.pixels, sizes.channels);
  let gate = gates[slice.image * sizes.channels + slice.channel];
  var sum = 0.0;
  for (var pixel = slice.first; pixel < slice.end; pixel++) {
    let at = (slice.image * sizes.pixels + pixel) * sizes.channels + slice.channel;
    let value = x[at];
    let d = dy[at] * hardSwishSlope(value * gate);
    dx[at] = d * gate;
    sum += d * value;
  }
  partials[index] = sum;
}
