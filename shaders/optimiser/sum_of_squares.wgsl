// Partial sums of squares of one tensor, for the global norm of all gradients. Each workgroup leaves one number in `partials`
// from index `offset` on, so that all tensors share one small array that clip_scale.wgsl adds up.
// 64 threads a workgroup; together the groups stride over the tensor, each thread adding every (64 * groups)-th square;
// then the threads' sums are added in a tree of 6 steps. A fixed order: the same bits at every run. One group takes up
// to 16,384 elements (256 a thread) before a second one is started, and there are at most 64. Dispatch: groups.

import package::shared::tree::{sumOfGroup, THREADS};

struct Stretch {
  count : u32,
  offset : u32,
}

@group(0) @binding(0) var<storage, read> values : array<f32>;
@group(0) @binding(1) var<storage, read_write> partials : array<f32>;
@group(0) @binding(2) var<uniform> stretch : Stretch;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  var sum = 0.0;
  for (var i = group.x * THREADS + thread; i < stretch.count; i += THREADS * groups.x) {
    sum += values[i] * values[i];
  }
  let total = sumOfGroup(sum, thread);
  if (thread == 0) {
    partials[stretch.offset + group.x] = total;
  }
}
