// Normalises each channel by its group's mean and variance, scales, shifts and applies the activation, in one pass:
//   y = activation(scale * (x - mean) * inverse + shift),   inverse = 1 / sqrt(variance + epsilon),
// or, UNBIASED, 1 / (sqrt(variance * rows / (rows - 1)) + epsilon). The tensor is seen as [groups, rows, channels].
// A workgroup of 32 lanes x 8 parts = 256 threads takes 32 channels of 64 rows. A thread reads its channel's four numbers
// once and then makes 8 values, neighbouring lanes at neighbouring addresses.
// Dispatch: ceil(channels / 32), ceil(rows / 64), groups. Demo (2,048 x 64): 64 groups; paper (16,384 x 544): 4,352.

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
@group(0) @binding(5) var<storage, read_write> y : array<f32>;
@group(0) @binding(6) var<uniform> sizes : Sizes;

override UNBIASED : bool;
// 0 linear, 1 ReLU, 4 hard-swish: as in src/lib/kernels/convolution/activation.ts.
override ACTIVATION : u32;

const LANES = 32u;
const PARTS = 8u;
const ROWS = 64u;

fn inverseDeviation(variance : f32) -> f32 {
  if (UNBIASED) {
    let rows = f32(sizes.rows);
    return 1.0 / (sqrt(variance * rows / max(rows - 1.0, 1.0)) + sizes.epsilon);
  }
  return 1.0 / sqrt(variance + sizes.epsilon);
}

fn activation(z : f32) -> f32 {
  switch (ACTIVATION) {
    case 1u: { return max(z, 0.0); }
    case 4u: { return z * clamp(z + 3.0, 0.0, 6.0) / 6.0; }
    default: { return z; }
  }
}

@compute @workgroup_size(LANES, PARTS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_id) local : vec3u) {
  let channel = group.x * LANES + local.x;
  if (channel >= sizes.channels) {
    return;
  }
  let statistic = group.z * sizes.channels + channel;
  let mean = means[statistic];
  let factor = scales[channel] * inverseDeviation(variances[statistic]);
  let shift = shifts[channel];
  let end = min((group.y + 1) * ROWS, sizes.rows);
  for (var row = group.y * ROWS + local.y; row < end; row += PARTS) {
    let index = (group.z * sizes.rows + row) * sizes.channels + channel;
    y[index] = activation(factor * (x[index] - mean) + shift);
  }
}
