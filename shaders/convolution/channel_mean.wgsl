// Global average pooling: mean over all pixels of an NHWC map, per image and channel.
// A group of 256 threads takes 8 vec4 of neighbouring channels (32 channels) of one image: 32 lanes walk the pixels side
// by side (each read is 128 contiguous bytes), then the lanes' sums are added in a tree of 5 steps in workgroup memory.
// Groups: B * ceil(channels / 4 / 8), spread over x and y. A lane adds in memory order, the tree's order is fixed: the same
// bits at every run. The channel count is a multiple of 4. Sizes are uniforms: one pipeline serves every map.

import package::shared::invocation::{groupOf, Invocation};

const COLUMNS = 8u;
const LANES = 32u;

struct Sizes {
  batch : u32,
  pixels : u32,
  // In vec4.
  channels : u32,
}

@group(0) @binding(0) var<storage, read> x : array<vec4f>;
@group(0) @binding(1) var<storage, read_write> means : array<vec4f>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

var<workgroup> sums : array<vec4f, COLUMNS * LANES>;

@compute @workgroup_size(COLUMNS, LANES)
fn main(invocation : Invocation) {
  let thread = invocation.local;
  let columns = (sizes.channels + COLUMNS - 1u) / COLUMNS;
  let index = groupOf(invocation);
  let image = index / columns;
  let channel = index % columns * COLUMNS + thread.x;
  let inside = image < sizes.batch && channel < sizes.channels;
  var sum = vec4f(0.0);
  if (inside) {
    for (var pixel = thread.y; pixel < sizes.pixels; pixel += LANES) {
      sum += x[(image * sizes.pixels + pixel) * sizes.channels + channel];
    }
  }
  let slot = thread.y * COLUMNS + thread.x;
  sums[slot] = sum;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread.y < half) {
      sums[slot] += sums[slot + half * COLUMNS];
    }
  }
  if (inside && thread.y == 0u) {
    means[image * sizes.channels + channel] = sums[slot] / f32(sizes.pixels);
  }
}
