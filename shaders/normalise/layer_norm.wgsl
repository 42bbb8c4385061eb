// Layer normalisation: every row [channels] of x becomes scale * (row - mean) / sqrt(variance + epsilon) + shift, with the row's
// own mean and biased variance, in two passes over the row (no cancellation). Keeps mean and 1 / deviation for the backward pass.
// One row a thread, read as vec4: a token has some hundred channels, there are thousands of tokens. 64 threads a group;
// groups: ceil(rows / 64), spread over x and y. Sums run in memory order: the same bits at every run.

import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  rows : u32,
  // In vec4.
  channels : u32,
  epsilon : f32,
}

@group(0) @binding(0) var<storage, read> x : array<vec4f>;
@group(0) @binding(1) var<storage, read> scale : array<vec4f>;
@group(0) @binding(2) var<storage, read> shift : array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y : array<vec4f>;
// [rows, 2]: mean and 1 / deviation
@group(0) @binding(4) var<storage, read_write> statistics : array<vec2f>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

const THREADS = 64u;
const ONES = vec4f(1.0);

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let row = elementOf(invocation, THREADS);
  if (row >= sizes.rows) {
    return;
  }
  let first = row * sizes.channels;
  let count = f32(4 * sizes.channels);
  var sum = vec4f();
  for (var c = 0u; c < sizes.channels; c++) {
    sum += x[first + c];
  }
  let mean = dot(sum, ONES) / count;
  var squares = vec4f();
  for (var c = 0u; c < sizes.channels; c++) {
    let difference = x[first + c] - mean;
    squares += difference * difference;
  }
  let factor = 1.0 / sqrt(dot(squares, ONES) / count + sizes.epsilon);
  for (var c = 0u; c < sizes.channels; c++) {
    y[first + c] = (x[first + c] - mean) * factor * scale[c] + shift[c];
  }
  statistics[row] = vec2f(mean, factor);
}
