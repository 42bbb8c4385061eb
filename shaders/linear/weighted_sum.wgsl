// y = factor * weight[0] * b + a, or, DIFFERENCE, factor * weight[0] * (b - a): the fusion of two branches by a learned
// weight, and the gradient of a mean squared error, where the weight is the gradient of the error. The weight is read on the GPU.
// Workgroups of 64 threads take stretches of 512 elements, 8 a thread, neighbouring threads at neighbouring addresses.
// Dispatch: ceil(count / 512), spread over x and y; 128 groups for the demo's 65,536 elements.

import package::shared::invocation::{groupOf, Invocation};

struct Sizes {
  count : u32,
  factor : f32,
}

@group(0) @binding(0) var<storage, read> a : array<f32>;
@group(0) @binding(1) var<storage, read> b : array<f32>;
@group(0) @binding(2) var<storage, read> weight : array<f32>;
@group(0) @binding(3) var<storage, read_write> y : array<f32>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

override DIFFERENCE : bool;

const THREADS = 64u;
const STRETCH = 512u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let thread = invocation.thread;
  let scale = sizes.factor * weight[0];
  let first = groupOf(invocation) * STRETCH;
  for (var i = first + thread; i < min(first + STRETCH, sizes.count); i += THREADS) {
    y[i] = select(a[i] + scale * b[i], scale * (b[i] - a[i]), DIFFERENCE);
  }
}
