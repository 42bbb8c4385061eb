// Mean and variance of each channel, first half. The tensor is seen as [groups, rows, channels]: one group for batch
// normalisation (rows = B * H * W), one per image for instance normalisation (rows = H * W).
// A thread takes one channel of a slice of 64 rows; neighbouring threads take neighbouring channels, so they read
// neighbouring floats. It goes over the slice twice: for the mean, then for the squared deviations from that mean, because
// mean(x^2) - mean(x)^2 loses all digits where the mean is large. The second time the slice (16 KiB a workgroup) is in the
// cache. No barriers, which cost an adapter that computes on the CPU more than the sums themselves.
// Each slice leaves (mean, sum of squared deviations); normalise_merge.wgsl puts the slices together in order.
// Workgroups of 64; dispatch: ceil(groups * slices * channels / 64), spread over x and y. Demo (2,048 x 64): 32 slices, 32
// groups; paper (16,384 x 544): 256 slices, 2,176 groups.

import package::shared::invocation::{elementOf, Invocation};
import package::shared::normalise::rowSliceOf;

struct Sizes {
  // groups * slices * channels
  count : u32,
  slices : u32,
  rows : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
// [groups, slices, channels]
@group(0) @binding(1) var<storage, read_write> moments : array<vec2f>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.count) {
    return;
  }
  let slice = rowSliceOf(index, sizes.slices, sizes.rows, sizes.channels);
  let rows = slice.end - slice.first;
  let base = (slice.group * sizes.rows + slice.first) * sizes.channels + slice.channel;

  var mean = 0.0;
  for (var row = 0u; row < rows; row++) {
    mean += x[base + row * sizes.channels];
  }
  mean /= f32(rows);
  var squares = 0.0;
  for (var row = 0u; row < rows; row++) {
    let deviation = x[base + row * sizes.channels] - mean;
    squares += deviation * deviation;
  }
  moments[index] = vec2f(mean, squares);
}
