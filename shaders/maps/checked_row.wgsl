// The numbers of an answer that are read back, image by image in one row: counts of what is not finite, the score, and the extremes of
// one map. One workgroup of 256 threads an image: it copies the former and looks for the latter as map_extremes.wgsl does. Dispatch: B.

import package::shared::extremes::{extremesOfGroup, THREADS, widen};

struct Sizes {
  counts : u32,
  // Values of a map.
  values : u32,
}

// [B, counts]
@group(0) @binding(0) var<storage, read> counts : array<f32>;
@group(0) @binding(1) var<storage, read> scores : array<f32>;
@group(0) @binding(2) var<storage, read> maps : array<f32>;
// [B, counts + 3]
@group(0) @binding(3) var<storage, read_write> rows : array<f32>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) thread : u32) {
  let to = group.x * (sizes.counts + 3);
  for (var i = thread; i < sizes.counts; i += THREADS) {
    rows[to + i] = counts[group.x * sizes.counts + i];
  }
  let first = group.x * sizes.values;
  var range = vec2f(maps[first]);
  for (var index = thread; index < sizes.values; index += THREADS) {
    range = widen(range, vec2f(maps[first + index]));
  }
  let extremes = extremesOfGroup(range, thread);
  if (thread == 0) {
    rows[to + sizes.counts] = scores[group.x];
    rows[to + sizes.counts + 1] = extremes.x;
    rows[to + sizes.counts + 2] = extremes.y;
  }
}
