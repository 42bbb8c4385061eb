// From both branches' features to the three maps that are looked at, in one pass over phi, x_n and x_a:
//   fused = (1 - sim) * |x_pre - phi| with x_pre = normalFactor * x_n + weight * x_a (distance_map.wgsl derives it; without REFINE the
//   plain distance), normal = |x_n - phi|, abnormal = channel 0 of x_a.
// 64 threads take 8 pixels, 8 lanes each, as there: a lane adds up every 8th channel, and after one barrier a pixel's first lane adds
// the 8 parts in order: the same bits at every run. Dispatch: ceil(B * H * W / 8), spread over x and y; 128 groups for the paper's map.

import package::shared::distance::unlikeness;
import package::shared::invocation::{groupOf, Invocation};

override REFINE : bool;

const LANES = 8u;
const PIXELS = 8u;

struct Sizes {
  // B * H * W
  pixels : u32,
  channels : u32,
  normalFactor : f32,
  abnormalFactor : f32,
  // Mean squared difference up to which a pixel counts as near.
  near : f32,
}

@group(0) @binding(0) var<storage, read> phi : array<f32>;
@group(0) @binding(1) var<storage, read> normal : array<f32>;
@group(0) @binding(2) var<storage, read> abnormal : array<f32>;
// One number, times abnormalFactor.
@group(0) @binding(3) var<storage, read> weight : array<f32>;
@group(0) @binding(4) var<storage, read_write> fusedMap : array<f32>;
@group(0) @binding(5) var<storage, read_write> normalMap : array<f32>;
@group(0) @binding(6) var<storage, read_write> abnormalMap : array<f32>;
@group(0) @binding(7) var<uniform> sizes : Sizes;

var<workgroup> parts : array<vec4f, LANES * PIXELS>;

@compute @workgroup_size(LANES, PIXELS)
fn main(invocation : Invocation) {
  let local = invocation.local;
  let thread = invocation.thread;
  let pixel = groupOf(invocation) * PIXELS + local.y;
  let scale = sizes.abnormalFactor * weight[0];
  var squares = vec4f();
  if (pixel < sizes.pixels) {
    for (var channel = local.x; channel < sizes.channels; channel += LANES) {
      let index = pixel * sizes.channels + channel;
      let seen = phi[index];
      let rebuilt = sizes.normalFactor * normal[index] + scale * abnormal[index];
      let terms = vec4f(seen, rebuilt, rebuilt - seen, normal[index] - seen);
      squares += terms * terms;
    }
  }
  parts[thread] = squares;
  workgroupBarrier();

  if (local.x > 0 || pixel >= sizes.pixels) {
    return;
  }
  for (var lane = 1u; lane < LANES; lane++) {
    squares += parts[thread + lane];
  }
  fusedMap[pixel] = sqrt(squares.z) * select(1.0, unlikeness(squares.xyz, sizes.channels, sizes.near), REFINE);
  normalMap[pixel] = sqrt(squares.w);
  abnormalMap[pixel] = abnormal[pixel * sizes.channels];
}
