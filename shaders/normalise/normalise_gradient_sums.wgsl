// Gradient of normalise.wgsl, first part: for each channel of a slice of rows the sums over d and over d * n, where
// n = (x - mean) * inverse is the normalised value and d the gradient before the activation. The next part
// (normalise_gradient_merge.wgsl) adds the slices: they are the gradients of shift and scale, and the gradient of x needs them.
// Cut as normalise_moments.wgsl: a thread takes one channel of a slice of 64 rows, in order, without barriers.
// Workgroups of 64; dispatch: ceil(groups * slices * channels / 64), spread over x and y.

import package::shared::activation::activationSlope;
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
// [groups, channels]
@group(0) @binding(2) var<storage, read> means : array<f32>;
@group(0) @binding(3) var<storage, read> variances : array<f32>;
// [channels]
@group(0) @binding(4) var<storage, read> scales : array<f32>;
@group(0) @binding(5) var<storage, read> shifts : array<f32>;
// [groups, slices, channels]
@group(0) @binding(6) var<storage, read_write> partials : array<vec2f>;
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
  let scale = scales[slice.channel];
  let shift = shifts[slice.channel];

  var sum = vec2f();
  for (var row = slice.first; row < slice.end; row++) {
    let at = (slice.group * sizes.rows + row) * sizes.channels + slice.channel;
    let normal = (x[at] - mean) * inverse;
    let d = dy[at] * activationSlope(scale * normal + shift);
    sum += vec2f(d, d * normal);
  }
  partials[index] = sum;
}
