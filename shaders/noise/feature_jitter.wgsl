// UniAD's feature jitter: every token gets Gaussian noise in proportion to its own length,
// y = x + strength * |x| / channels * n with n standard normal (Box-Muller on two hashes of seed and position).
// One token a thread; its length is summed in memory order. 64 threads a group; groups: ceil(tokens / 64), spread over x and
// y.

import package::shared::hash::{normalOf, pcg};
import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  tokens : u32,
  channels : u32,
  strength : f32,
  seed : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
@group(0) @binding(1) var<storage, read_write> y : array<f32>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

const THREADS = 64u;

fn normal(index : u32, seed : u32) -> f32 {
  let bits = pcg(index ^ seed);
  return normalOf((f32(bits >> 8u) + 1.0) / 16777216.0, pcg(bits ^ index));
}

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let token = elementOf(invocation, THREADS);
  if (token >= sizes.tokens) {
    return;
  }
  let first = token * sizes.channels;
  var squares = 0.0;
  for (var c = 0u; c < sizes.channels; c++) {
    squares += x[first + c] * x[first + c];
  }
  let deviation = sizes.strength * sqrt(squares) / f32(sizes.channels);
  let seed = pcg(sizes.seed);
  for (var c = 0u; c < sizes.channels; c++) {
    y[first + c] = x[first + c] + deviation * normal(first + c, seed);
  }
}
