// Gradient of normalise.wgsl, first part: for each channel of a slice of rows the sums over d and over d * n, where
// n = (x - mean) * inverse is the normalised value and d the gradient before the activation. The next part
// (normalise_gradient_merge.wgsl) adds the slices: they are the gradients of shift and scale, and the gradient of x needs them.
// Cut as normalise_moments.wgsl: a thread takes one channel of a slice of 64 rows, in order, without barriers.
// Workgroups of 64; dispatch: ceil(groups * slices * channels / 64), spread over x and y.

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

override UNBIASED : bool;
// 0 linear, 1 ReLU, 4 hard-swish: as in src/lib/kernels/convolution/activation.ts.
override ACTIVATION : u32;

const THREADS = 64u;
const SLICE = 64u;

fn inverseDeviation(variance : f32) -> f32 {
  if (UNBIASED) {
    let rows = f32(sizes.rows);
    return 1.0 / (sqrt(variance * rows / max(rows - 1.0, 1.0)) + sizes.epsilon);
  }
  return 1.0 / sqrt(variance + sizes.epsilon);
}

fn activationSlope(z : f32) -> f32 {
  switch (ACTIVATION) {
    case 1u: { return select(0.0, 1.0, z > 0.0); }
    case 4u: { return select(z / 3.0 + 0.5, step(0.0, z), abs(z) >= 3.0); }
    default: { return 1.0; }
  }
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) id : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let index = (id.y * groups.x + id.x) * THREADS + thread;
  if (index >= sizes.count) {
    return;
  }
  let channel = index % sizes.channels;
  let first = index / sizes.channels % sizes.slices * SLICE;
  let group = index / (sizes.channels * sizes.slices);
  let statistic = group * sizes.channels + channel;
  let mean = means[statistic];
  let inverse = inverseDeviation(variances[statistic]);
  let scale = scales[channel];
  let shift = shifts[channel];

  var sum = vec2f();
  for (var row = first; row < min(first + SLICE, sizes.rows); row++) {
    let at = (group * sizes.rows + row) * sizes.channels + channel;
    let normal = (x[at] - mean) * inverse;
    let d = dy[at] * activationSlope(scale * normal + shift);
    sum += vec2f(d, d * normal);
  }
  partials[index] = sum;
}
