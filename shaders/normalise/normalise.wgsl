// Normalises each channel by its group's mean and variance, scales, shifts and applies the activation, in one pass:
//   y = activation(scale * (x - mean) * inverse + shift + residual),   inverse = 1 / sqrt(variance + epsilon),
// the residual only with RESIDUAL, or, UNBIASED, 1 / (sqrt(variance * rows / (rows - 1)) + epsilon). The tensor is seen as [groups, rows, channels].
// A workgroup of 32 lanes x 8 parts = 256 threads takes 32 channels of 64 rows. A thread reads its channel's four numbers
// once and then makes 8 values, neighbouring lanes at neighbouring addresses.
// Dispatch: ceil(channels / 32), ceil(rows / 64), groups. Demo (2,048 x 64): 64 groups; paper (16,384 x 544): 4,352.

import package::shared::activation::activateTrained;
import package::shared::normalise::{inverseDeviation, LANES, PARTS, ROWS};

struct Sizes {
  rows : u32,
  channels : u32,
  epsilon : f32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
// [groups, channels]
@group(0) @binding(1) var<storage, read> means : array<f32>;
@group(0) @binding(2) var<storage, read> variances : array<f32>;
// [channels]
@group(0) @binding(3) var<storage, read> scales : array<f32>;
@group(0) @binding(4) var<storage, read> shifts : array<f32>;
// As x; read with RESIDUAL alone.
@group(0) @binding(5) var<storage, read> residual : array<f32>;
@group(0) @binding(6) var<storage, read_write> y : array<f32>;
@group(0) @binding(7) var<uniform> sizes : Sizes;

override RESIDUAL = false;

@compute @workgroup_size(LANES, PARTS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_id) local : vec3u) {
  let channel = group.x * LANES + local.x;
  if (channel >= sizes.channels) {
    return;
  }
  let statistic = group.z * sizes.channels + channel;
  let mean = means[statistic];
  let factor = scales[channel] * inverseDeviation(variances[statistic], sizes.rows, sizes.epsilon);
  let shift = shifts[channel];
  let end = min((group.y + 1) * ROWS, sizes.rows);
  for (var row = group.y * ROWS + local.y; row < end; row += PARTS) {
    let index = (group.z * sizes.rows + row) * sizes.channels + channel;
    var value = factor * (x[index] - mean) + shift;
    if (RESIDUAL) {
      value += residual[index];
    }
    y[index] = activateTrained(value);
  }
}
