// A linear layer to a few columns at every row, with bias and activation: y = finish(x W + affine). One thread makes one number; the
// threads of a row read the same x, and W (at most 8 columns) stays in the cache. 64 threads a group; each sum runs in memory order.
// Dispatch: ceil(rows * columns / 64), spread over x and y: 32 groups for the 2 coordinates of the paper's map at batch 1.

import package::shared::finish::{AFFINE, finish};
import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  rows : u32,
  columns : u32,
  // In vec4.
  inner : u32,
}

@group(0) @binding(0) var<storage, read> x : array<vec4f>;
@group(0) @binding(1) var<storage, read> weight : array<f32>;
@group(0) @binding(2) var<storage, read> affine : array<f32>;
@group(0) @binding(3) var<storage, read_write> y : array<f32>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.rows * sizes.columns) {
    return;
  }
  let row = index / sizes.columns;
  let column = index % sizes.columns;
  var sum = 0.0;
  for (var k = 0u; k < sizes.inner; k++) {
    let at = 4 * k * sizes.columns + column;
    let weights = vec4f(
      weight[at],
      weight[at + sizes.columns],
      weight[at + 2 * sizes.columns],
      weight[at + 3 * sizes.columns],
    );
    sum += dot(x[row * sizes.inner + k], weights);
  }
  if (AFFINE == 1u) {
    sum += affine[column];
  }
  if (AFFINE == 2u) {
    sum = sum * affine[column] + affine[sizes.columns + column];
  }
  y[index] = finish(vec4f(sum)).x;
}
