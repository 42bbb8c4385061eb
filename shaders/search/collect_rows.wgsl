// Chosen rows of a matrix [rows, channels] are copied into a store [?, width], width >= channels: row r becomes row targets[r] of
// the store, a row whose target is negative goes nowhere. So patches that arrive batch by batch are gathered in place.
// Workgroups of 64 threads, one element a thread; dispatch: ceil(rows * channels / 64), spread over x and y. Targets
// differ from each other, so no element is written twice and the result has the same bits at every run.

import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  rows : u32,
  channels : u32,
  width : u32,
}

@group(0) @binding(0) var<storage, read> rows : array<f32>;
@group(0) @binding(1) var<storage, read> targets : array<f32>;
@group(0) @binding(2) var<storage, read_write> store : array<f32>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  let row = index / sizes.channels;
  if (row >= sizes.rows || targets[row] < 0) {
    return;
  }
  store[u32(targets[row]) * sizes.width + index % sizes.channels] = rows[index];
}
