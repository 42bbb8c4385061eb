// Mean and variance of each channel, first half. The tensor is seen as [groups, rows, channels]: one group for batch
// normalisation (rows = B * H * W), one per image for instance normalisation (rows = H * W).
// A workgroup of 32 lanes x 8 parts = 256 threads takes 32 channels of a slice of 256 rows; a thread adds every 8th row of
// its channel (neighbouring lanes read neighbouring floats), then the 8 parts are added in a tree of 3 steps. It goes
// over the slice twice: for the mean, then for the squared deviations from that mean, because mean(x^2) - mean(x)^2 loses
// all digits where the mean is large. The second time the slice (32 KiB) is in the cache.
// Each slice leaves (mean, sum of squared deviations); normalise_merge.wgsl puts the slices together.
// Dispatch: ceil(channels / 32), slices, groups. Demo (2,048 x 64): 16 groups; paper (16,384 x 544): 1,088.

struct Sizes {
  rows : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
// [groups, slices, channels]
@group(0) @binding(1) var<storage, read_write> moments : array<vec2f>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

const LANES = 32u;
const PARTS = 8u;
const SLICE = 256u;

var<workgroup> sums : array<f32, LANES * PARTS>;

// The sum over the parts of one lane, known to all of them.
fn total(value : f32, thread : u32, lane : u32) -> f32 {
  sums[thread] = value;
  for (var reach = PARTS / 2; reach > 0; reach /= 2) {
    workgroupBarrier();
    if (thread < reach * LANES) {
      sums[thread] += sums[thread + reach * LANES];
    }
  }
  workgroupBarrier();
  let result = sums[lane];
  workgroupBarrier();
  return result;
}

@compute @workgroup_size(LANES, PARTS)
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_id) local : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let channel = group.x * LANES + local.x;
  let first = group.y * SLICE;
  // A lane beyond the last channel adds nothing but keeps to the barriers.
  let end = select(0, min(first + SLICE, sizes.rows), channel < sizes.channels);
  let base = group.z * sizes.rows * sizes.channels + channel;

  var sum = 0.0;
  for (var row = first + local.y; row < end; row += PARTS) {
    sum += x[base + row * sizes.channels];
  }
  let mean = total(sum, thread, local.x) / f32(min(SLICE, sizes.rows - first));
  var squares = 0.0;
  for (var row = first + local.y; row < end; row += PARTS) {
    let deviation = x[base + row * sizes.channels] - mean;
    squares += deviation * deviation;
  }
  squares = total(squares, thread, local.x);
  if (local.y == 0 && channel < sizes.channels) {
    moments[(group.z * groups.y + group.y) * sizes.channels + channel] = vec2f(mean, squares);
  }
}
