// Gradient of normalise.wgsl, third part: the gradient of x, mean and variance being functions of x. With n the normalised
// value, d the gradient before the activation and k = 1 / rows,
//   dx = scale * inverse * (d - k * sum(d) - k * n * sum(d * n)).
// UNBIASED, where inverse = 1 / (s + epsilon) with the unbiased deviation s, the last k is (s + epsilon) / ((rows - 1) * s).
// Cut as normalise.wgsl: 32 lanes x 8 parts take 32 channels of 64 rows, 8 values a thread.
// Dispatch: ceil(channels / 32), ceil(rows / 64), groups.

import package::shared::activation::activationSlope;
import package::shared::normalise::{inverseDeviation, LANES, PARTS, ROWS, UNBIASED, unbiasedDeviation};

struct Sizes {
  rows : u32,
  channels : u32,
  epsilon : f32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
@group(0) @binding(1) var<storage, read> dy : array<f32>;
// [groups, channels]
@group(0) @binding(2) var<storage, read> means : array<f32>;
@group(0) @binding(3) var<storage, read> variances : array<f32>;
// [channels]
@group(0) @binding(4) var<storage, read> scales : array<f32>;
@group(0) @binding(5) var<storage, read> shifts : array<f32>;
// [groups, channels]: sums over d and over d * n
@group(0) @binding(6) var<storage, read> sums : array<vec2f>;
@group(0) @binding(7) var<storage, read_write> dx : array<f32>;
@group(0) @binding(8) var<uniform> sizes : Sizes;

// The factor k of sum(d * n); 0 where a channel is constant and has no deviation to differentiate.
fn deviationFactor(variance : f32) -> f32 {
  let rows = f32(sizes.rows);
  if (!UNBIASED) {
    return 1.0 / rows;
  }
  let deviation = unbiasedDeviation(variance, rows);
  return select(0.0, (deviation + sizes.epsilon) / ((rows - 1.0) * deviation), deviation > 0.0);
}

@compute @workgroup_size(LANES, PARTS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_id) local : vec3u) {
  let channel = group.x * LANES + local.x;
  if (channel >= sizes.channels) {
    return;
  }
  let statistic = group.z * sizes.channels + channel;
  let mean = means[statistic];
  let inverse = inverseDeviation(variances[statistic], sizes.rows, sizes.epsilon);
  let scale = scales[channel];
  let shift = shifts[channel];
  let joint = sums[statistic] * vec2f(1.0 / f32(sizes.rows), deviationFactor(variances[statistic]));
  let end = min((group.y + 1) * ROWS, sizes.rows);
  for (var row = group.y * ROWS + local.y; row < end; row += PARTS) {
    let index = (group.z * sizes.rows + row) * sizes.channels + channel;
    let normal = (x[index] - mean) * inverse;
    let d = dy[index] * activationSlope(scale * normal + shift);
    dx[index] = scale * inverse * (d - joint.x - normal * joint.y);
  }
}
