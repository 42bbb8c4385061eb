// Mean and variance of each channel, second half: puts together the (mean, sum of squared deviations) of the slices that
// normalise_moments.wgsl left, by Chan's formula for the union of two samples, slice after slice: a fixed order.
// One thread a channel of a group; it merges 32 slices for the demo (2,048 rows), 256 for the paper's maps (16,384). Workgroups of 64; dispatch:
// ceil(groups * channels / 64), spread over x and y.

import package::shared::invocation::{elementOf, Invocation};
import package::shared::normalise::SLICE;

struct Sizes {
  // groups * channels
  count : u32,
  rows : u32,
  channels : u32,
  momentum : f32,
}

// [groups, slices, channels]
@group(0) @binding(0) var<storage, read> moments : array<vec2f>;
// [groups, channels]
@group(0) @binding(1) var<storage, read_write> means : array<f32>;
@group(0) @binding(2) var<storage, read_write> variances : array<f32>;
// [channels], in place: with FOLLOW moved towards these statistics, by torch's conventions (running_statistics.wgsl).
@group(0) @binding(3) var<storage, read_write> runningMeans : array<f32>;
@group(0) @binding(4) var<storage, read_write> runningVariances : array<f32>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

override FOLLOW = false;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.count) {
    return;
  }
  let slices = (sizes.rows + SLICE - 1) / SLICE;
  let base = (index / sizes.channels) * slices * sizes.channels + index % sizes.channels;
  var merged = moments[base];
  for (var slice = 1u; slice < slices; slice++) {
    let other = moments[base + slice * sizes.channels];
    let before = f32(slice * SLICE);
    let share = f32(min(SLICE, sizes.rows - slice * SLICE)) / f32(min((slice + 1) * SLICE, sizes.rows));
    let apart = other.x - merged.x;
    merged += vec2f(apart * share, other.y + apart * apart * before * share);
  }
  means[index] = merged.x;
  variances[index] = merged.y / f32(sizes.rows);
  if (FOLLOW) {
    let unbiased = merged.y / max(f32(sizes.rows) - 1.0, 1.0);
    runningMeans[index] += sizes.momentum * (merged.x - runningMeans[index]);
    runningVariances[index] += sizes.momentum * (unbiased - runningVariances[index]);
  }
}
