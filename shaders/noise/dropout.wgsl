// Dropout: y = x * drop, where drop is 0 or 1 / (1 - rate), a hash of seed and position, so that the backward pass is the same
// shader on dy and no mask is stored. One element a thread, 64 threads a group; groups: ceil(count / 64), spread over x and y.

import package::shared::hash::{dropFactor, pcg};
import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  count : u32,
  // Hashes below it drop; what stays is multiplied by `kept`.
  threshold : u32,
  kept : f32,
  seed : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
@group(0) @binding(1) var<storage, read_write> y : array<f32>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index < sizes.count) {
    y[index] = dropFactor(index, pcg(sizes.seed), sizes.threshold, sizes.kept) * x[index];
  }
}
