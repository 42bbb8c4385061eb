// Gradient of normalise.wgsl, second part: adds the slices' sums, in order, to the gradients of shift and scale; and keeps
// both side by side for the third part, which would otherwise need more buffers than WebGPU guarantees (8).
// One thread a channel of a group adds 32 slices for the demo (2,048 rows), 256 for the paper's maps (16,384). Workgroups of 64; dispatch:
// ceil(groups * channels / 64), spread over x and y.

import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  // groups * channels
  count : u32,
  slices : u32,
  channels : u32,
}

// [groups, slices, channels]: sums over d and over d * n
@group(0) @binding(0) var<storage, read> partials : array<vec2f>;
// [groups, channels]
@group(0) @binding(1) var<storage, read_write> scaleGradients : array<f32>;
@group(0) @binding(2) var<storage, read_write> shiftGradients : array<f32>;
@group(0) @binding(3) var<storage, read_write> sums : array<vec2f>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.count) {
    return;
  }
  let base = (index / sizes.channels) * sizes.slices * sizes.channels + index % sizes.channels;
  var sum = vec2f();
  for (var slice = 0u; slice < sizes.slices; slice++) {
    sum += partials[base + slice * sizes.channels];
  }
  sums[index] = sum;
  shiftGradients[index] = sum.x;
  scaleGradients[index] = sum.y;
}
