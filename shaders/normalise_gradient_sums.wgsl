// Gradient of normalise.wgsl, first part: for each channel of a slice of rows the sums over d and over d * n, where
// n = (x - mean) * inverse is the normalised value and d the gradient before the activation. The next part
// (normalise_gradient_merge.wgsl) adds the slices: they are the gradients of shift and scale, and the gradient of x needs them.
// Cut as normalise_moments.wgsl: 32 lanes x 8 parts take 32 channels of 256 rows, every 8th row a thread, then a tree of
// 3 steps over the parts: a fixed order, the same bits at every run. Dispatch: ceil(channels / 32), slices, groups.

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
// [groups, slices, channels]
@group(0) @binding(6) var<storage, read_write> partials : array<vec2f>;
@group(0) @binding(7) var<uniform> sizes : Sizes;

override UNBIASED : bool;
// 0 linear, 1 ReLU, 4 hard-swish: as in src/kernels/activation.ts.
override ACTIVATION : u32;

const LANES = 32u;
const PARTS = 8u;
const SLICE = 256u;

var<workgroup> sums : array<vec2f, LANES * PARTS>;

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

@compute @workgroup_size(LANES, PARTS)
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_id) local : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let channel = group.x * LANES + local.x;
  let inside = channel < sizes.channels;
  // A lane beyond the last channel adds nothing but keeps to the barriers.
  let end = select(0, min((group.y + 1) * SLICE, sizes.rows), inside);
  let statistic = group.z * sizes.channels + min(channel, sizes.channels - 1);
  let mean = means[statistic];
  let inverse = inverseDeviation(variances[statistic]);
  let scale = scales[min(channel, sizes.channels - 1)];
  let shift = shifts[min(channel, sizes.channels - 1)];

  var sum = vec2f();
  for (var row = group.y * SLICE + local.y; row < end; row += PARTS) {
    let index = (group.z * sizes.rows + row) * sizes.channels + channel;
    let normal = (x[index] - mean) * inverse;
    let d = dy[index] * activationSlope(scale * normal + shift);
    sum += vec2f(d, d * normal);
  }
  sums[thread] = sum;
  for (var reach = PARTS / 2; reach > 0; reach /= 2) {
    workgroupBarrier();
    if (local.y < reach) {
      sums[thread] += sums[thread + reach * LANES];
    }
  }
  if (local.y == 0 && inside) {
    partials[(group.z * groups.y + group.y) * sizes.channels + channel] = sums[thread];
  }
}
