// Batch normalisation with running statistics as a factor and a summand by channel, for whatever makes the values before it:
//   factor = scale / sqrt(variance + epsilon),   summand = shift - mean * factor.
// One thread a channel, 64 a group. Dispatch: ceil(channels / 64): 9 groups for the paper's 544 channels.

struct Sizes {
  channels : u32,
  epsilon : f32,
}

@group(0) @binding(0) var<storage, read> means : array<f32>;
@group(0) @binding(1) var<storage, read> variances : array<f32>;
@group(0) @binding(2) var<storage, read> scales : array<f32>;
@group(0) @binding(3) var<storage, read> shifts : array<f32>;
// [2, channels]
@group(0) @binding(4) var<storage, read_write> affine : array<f32>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id : vec3u) {
  let channel = id.x;
  if (channel >= sizes.channels) {
    return;
  }
  let factor = scales[channel] / sqrt(variances[channel] + sizes.epsilon);
  affine[channel] = factor;
  affine[sizes.channels + channel] = shifts[channel] - means[channel] * factor;
}
