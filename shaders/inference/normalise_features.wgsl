// (x - mean) * factor by channel: features as a model wants them. One thread a value, 64 a group; dispatch: ceil(count / 64),
// spread over x and y; 4,352 groups for the paper's map.

import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  count : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
// [2, channels]: means and factors
@group(0) @binding(1) var<storage, read> statistics : array<f32>;
@group(0) @binding(2) var<storage, read_write> y : array<f32>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.count) {
    return;
  }
  let channel = index % sizes.channels;
  y[index] = (x[index] - statistics[channel]) * statistics[sizes.channels + channel];
}
