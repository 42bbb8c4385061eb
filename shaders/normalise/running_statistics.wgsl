// Running statistics of batch normalisation follow a batch's, in place, with torch's conventions:
//   running mean += momentum * (mean - running mean),  and the same for the variance with the batch's unbiased variance.
// One thread a channel, workgroups of 64; dispatch: ceil(channels / 64).

struct Step {
  channels : u32,
  momentum : f32,
  // rows / (rows - 1)
  correction : f32,
}

@group(0) @binding(0) var<storage, read> means : array<f32>;
@group(0) @binding(1) var<storage, read> variances : array<f32>;
@group(0) @binding(2) var<storage, read_write> runningMeans : array<f32>;
@group(0) @binding(3) var<storage, read_write> runningVariances : array<f32>;
@group(0) @binding(4) var<uniform> step : Step;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id : vec3u) {
  let channel = id.x;
  if (channel >= step.channels) {
    return;
  }
  runningMeans[channel] += step.momentum * (means[channel] - runningMeans[channel]);
  let unbiased = variances[channel] * step.correction;
  runningVariances[channel] += step.momentum * (unbiased - runningVariances[channel]);
}
