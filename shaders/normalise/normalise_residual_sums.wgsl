// First part of the gradient of normalisation with a residual and ReLU after it, y = max(normalised + residual, 0): the gradient d before
// the ReLU, which is that of the residual too, and for each channel of a slice of rows the sums over d and over d * n, where n is
// the normalised value before scale and shift. Whether the ReLU let a value pass is read off y. normalise_gradient_merge.wgsl adds
// the slices.
// Cut as normalise_gradient_sums.wgsl: a thread takes one channel of a slice of 64 rows, in order, without barriers. Workgroups of 64;
// dispatch: ceil(groups * slices * channels / 64), spread over x and y.

import package::shared::invocation::{elementOf, Invocation};
import package::shared::normalise::{inverseDeviation, rowSliceOf};

struct Sizes {
  rows : u32,
  channels : u32,
  epsilon : f32,
  slices : u32,
  // groups * slices * channels
  count : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
@group(0) @binding(1) var<storage, read> dy : array<f32>;
@group(0) @binding(2) var<storage, read> y : array<f32>;
// [groups, channels]
@group(0) @binding(3) var<storage, read> means : array<f32>;
@group(0) @binding(4) var<storage, read> variances : array<f32>;
// [groups, slices, channels]
@group(0) @binding(5) var<storage, read_write> partials : array<vec2f>;
@group(0) @binding(6) var<storage, read_write> before : array<f32>;
@group(0) @binding(7) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.count) {
    return;
  }
  let slice = rowSliceOf(index, sizes.slices, sizes.rows, sizes.channels);
  let statistic = slice.group * sizes.channels + slice.channel;
  let mean = means[statistic];
  let inverse = inverseDeviation(variances[statistic], sizes.rows, sizes.epsilon);
  var sum = vec2f();
  for (var row = slice.first; row < slice.end; row++) {
    let at = (slice.group * sizes.rows + row) * sizes.channels + slice.channel;
    let d = select(0.0, dy[at], y[at] > 0.0);
    before[at] = d;
    sum += vec2f(d, d * (x[at] - mean) * inverse);
  }
  partials[index] = sum;
}
