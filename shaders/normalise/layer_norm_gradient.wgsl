// Backward pass of layer_norm.wgsl for x: with g = dy * scale and n = (x - mean) * factor,
// dx = factor * (g - mean(g) - n * mean(g * n)). Also writes dy * n, whose column sums are the gradient of scale.
// One row a thread, as forward: 64 threads a group; groups: ceil(rows / 64), spread over x and y; sums in memory order.

import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  rows : u32,
  // In vec4.
  channels : u32,
}

@group(0) @binding(0) var<storage, read> x : array<vec4f>;
@group(0) @binding(1) var<storage, read> scale : array<vec4f>;
@group(0) @binding(2) var<storage, read> dy : array<vec4f>;
// [rows, 2]: mean and 1 / deviation
@group(0) @binding(3) var<storage, read> statistics : array<vec2f>;
@group(0) @binding(4) var<storage, read_write> dx : array<vec4f>;
@group(0) @binding(5) var<storage, read_write> products : array<vec4f>;
@group(0) @binding(6) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let row = elementOf(invocation, THREADS);
  if (row >= sizes.rows) {
    return;
  }
  let first = row * sizes.channels;
  let mean = statistics[row].x;
  let factor = statistics[row].y;
  var sum = 0.0;
  var dots = 0.0;
  for (var c = 0u; c < sizes.channels; c++) {
    let normal = (x[first + c] - mean) * factor;
    let change = dy[first + c];
    sum += dot(change, scale[c]);
    dots += dot(change * scale[c], normal);
    products[first + c] = change * normal;
  }
  let count = f32(4 * sizes.channels);
  for (var c = 0u; c < sizes.channels; c++) {
    let normal = (x[first + c] - mean) * factor;
    dx[first + c] = factor * (dy[first + c] * scale[c] - sum / count - normal * (dots / count));
  }
}
