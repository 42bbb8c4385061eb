// Sum over pixels of every channel of every image, times a factor: with 1 / (H * W), the mean. Here over slices of 32
// pixels; sum_slices.wgsl adds the slices in order, so the bits are the same at every run.
// A thread takes one channel of one slice, neighbouring threads neighbouring channels; no workgroup memory, no barrier.
// Workgroups of 64 threads. Dispatch: ceil(B * slices * C / 64), spread over x and y. Demo (8 x 256 x 64): 64 groups.

import package::shared::invocation::{elementOf, Invocation};
import package::shared::slices::{sliceOf, slicesOf};

struct Sizes {
  batch : u32,
  // H * W
  pixels : u32,
  channels : u32,
  factor : f32,
}

// [batch, pixels, channels]
@group(0) @binding(0) var<storage, read> x : array<f32>;
// [slices, batch, channels]
@group(0) @binding(1) var<storage, read_write> partials : array<f32>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= slicesOf(sizes.pixels) * sizes.batch * sizes.channels) {
    return;
  }
  let slice = sliceOf(index, sizes.batch, sizes.pixels, sizes.channels);
  var sum = 0.0;
  for (var pixel = slice.first; pixel < slice.end; pixel++) {
    sum += x[(slice.image * sizes.pixels + pixel) * sizes.channels + slice.channel];
  }
  partials[index] = sum * sizes.factor;
}
