// Adds slices of partial results, in order: total[i] = partials[0, i] + partials[1, i] + ... The second half of any sum that
// was cut to keep a GPU busy and must still give the same bits at every run.
// One thread an element, neighbouring threads at neighbouring addresses; workgroups of 64.
// Dispatch: ceil(count / 64), spread over x and y.

import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  count : u32,
  slices : u32,
}

// [slices, count]
@group(0) @binding(0) var<storage, read> partials : array<f32>;
// [count]
@group(0) @binding(1) var<storage, read_write> total : array<f32>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.count) {
    return;
  }
  var sum = 0.0;
  for (var slice = 0u; slice < sizes.slices; slice++) {
    sum += partials[slice * sizes.count + index];
  }
  total[index] = sum;
}
