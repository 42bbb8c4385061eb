// Dropout: y = x * drop, where drop is 0 or 1 / (1 - rate), a hash of seed and position, so that the backward pass is the same
// shader on dy and no mask is stored. One element a thread, 64 threads a group; groups: ceil(count / 64), spread over x and y.

struct Sizes {
  count : u32,
  // Hashes below it drop; what stays is multiplied by `kept`.
  threshold : u32,
  kept : f32,
  seed : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
@group(0) @binding(1) var<storage, read_write> y : array<f32>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

const THREADS = 64u;

// As in src/lib/kernels/noise/hashRandom.ts.
fn hash(value : u32) -> u32 {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + thread;
  if (index < sizes.count) {
    let drops = hash(index ^ hash(sizes.seed)) < sizes.threshold;
    y[index] = select(sizes.kept, 0.0, drops) * x[index];
  }
}
