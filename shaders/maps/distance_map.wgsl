// Refinement and distance map in one pass: how far the refined reconstruction is from the features, per pixel.
// With d = x_pre - phi the refined reconstruction is x_rec = sim * phi + (1 - sim) * x_pre, so
//   x_rec - phi = (1 - sim) * d   and   map = (1 - sim) * |d|,   |d| = sqrt(C * e):
// x_rec is never formed, and three sums over the channels give everything: |phi|^2, |x_pre|^2 and |d|^2. The cosine
// c follows from |d|^2 = |phi|^2 + |x_pre|^2 - 2 c |phi| |x_pre|, in the form
//   1 - c = (|d|^2 - (|phi| - |x_pre|)^2) / (2 |phi| |x_pre|),
// which stays exact where both are nearly alike: there 1 - dot / (|phi| |x_pre|) would be rounding noise.
// 64 threads take 8 pixels, 8 lanes each; a lane adds up every 8th channel (neighbouring lanes read neighbouring
// floats, 32 bytes at a time), and after one barrier a pixel's first lane adds the 8 parts in order: the same bits
// at every run. More lanes cost a software adapter much (lavapipe, 32 x 32 x 272: 16 lanes 1.5 ms, 8 lanes 1.0 ms).
// Dispatch: ceil(B * H * W / 8), spread over x and y. Sizes are uniforms: one pipeline serves every map.

import package::shared::distance::unlikeness;
import package::shared::invocation::{groupOf, Invocation};

// False: the plain distance |d|.
override REFINE : bool;

const LANES = 8u;
const PIXELS = 8u;

struct Sizes {
  // B * H * W.
  pixels : u32,
  channels : u32,
  // Mean squared difference up to which a pixel counts as near. The public code's 10 is where its
  // 1 - round(clamp(0.05 * e, 0, 1)) is still 1: round() takes 0.5 to even, to 0.
  near : f32,
}

@group(0) @binding(0) var<storage, read> phi : array<f32>;
@group(0) @binding(1) var<storage, read> reconstruction : array<f32>;
@group(0) @binding(2) var<storage, read_write> distances : array<f32>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

var<workgroup> parts : array<vec3f, LANES * PIXELS>;

@compute @workgroup_size(LANES, PIXELS)
fn main(invocation : Invocation) {
  let local = invocation.local;
  let thread = invocation.thread;
  let pixel = groupOf(invocation) * PIXELS + local.y;
  var squares = vec3f();
  if (pixel < sizes.pixels) {
    for (var channel = local.x; channel < sizes.channels; channel += LANES) {
      let index = pixel * sizes.channels + channel;
      let terms = vec3f(phi[index], reconstruction[index], reconstruction[index] - phi[index]);
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
  distances[pixel] = sqrt(squares.z) * select(1.0, unlikeness(squares, sizes.channels, sizes.near), REFINE);
}
