// y = hardSwish(x * gate), the gate being one factor per image and channel: what follows squeeze-and-excite.
// hardSwish(z) = z * clamp(z + 3, 0, 6) / 6. A thread makes one value; neighbouring threads take neighbouring channels.
// Workgroups of 64 threads. Dispatch: ceil(B * H * W * C / 64), spread over x and y. Demo (8 x 256 x 64): 2,048 groups.

import package::shared::activation::hardSwish;
import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  batch : u32,
  // H * W
  pixels : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
// [batch, channels]
@group(0) @binding(1) var<storage, read> gates : array<f32>;
@group(0) @binding(2) var<storage, read_write> y : array<f32>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.batch * sizes.pixels * sizes.channels) {
    return;
  }
  let image = index / (sizes.pixels * sizes.channels);
  let z = x[index] * gates[image * sizes.channels + index % sizes.channels];
  y[index] = hardSwish(z);
}
