// Adds the slices of a product that was cut along its inner sum (tiled_product.wgsl), in order, and finishes it:
// y = activation(slice 0 + slice 1 + ... + bias + residual). A fixed order: the same bits at every run.
// One thread a vec4 of results, neighbouring threads at neighbouring addresses; workgroups of 64.
// Dispatch: ceil(count / 64), spread over x and y.

import package::shared::activation::activate;
import package::shared::invocation::{elementOf, Invocation};

override BIASED = false;
override RESIDUAL = false;
// With BIASED: bias is [2, columns], factors first.
override SCALED = false;

struct Sizes {
  // All in vec4.
  count : u32,
  columns : u32,
  slices : u32,
}

// [slices, count]
@group(0) @binding(0) var<storage, read> partials : array<vec4f>;
// [columns]
@group(0) @binding(1) var<storage, read> bias : array<vec4f>;
// [count]
@group(0) @binding(2) var<storage, read> residual : array<vec4f>;
// [count]
@group(0) @binding(3) var<storage, read_write> y : array<vec4f>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.count) {
    return;
  }
  var sum = partials[index];
  for (var slice = 1u; slice < sizes.slices; slice++) {
    sum += partials[slice * sizes.count + index];
  }
  let column = index % sizes.columns;
  if (SCALED) {
    sum = sum * bias[column] + bias[sizes.columns + column];
  } else if (BIASED) {
    sum += bias[column];
  }
  if (RESIDUAL) {
    sum += residual[index];
  }
  y[index] = activate(sum);
}
