// Smallest and largest value of each map: what a legend, a colour range and the image score need, in one dispatch; or, LARGEST, the
// largest alone.
// One workgroup of 256 threads a map; each thread looks at every 256th value, then the first thread compares the
// 256 candidates. Dispatch: B. Sizes are uniforms.

import package::shared::extremes::{extremesOfGroup, THREADS, widen};

override LARGEST = false;

struct Sizes {
  // Values per map.
  count : u32,
}

@group(0) @binding(0) var<storage, read> values : array<f32>;
@group(0) @binding(1) var<storage, read_write> extremes : array<f32>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) thread : u32) {
  let first = group.x * sizes.count;
  // Starting from the first value, a thread without values of its own changes nothing.
  var range = vec2f(values[first]);
  for (var index = thread; index < sizes.count; index += THREADS) {
    range = widen(range, vec2f(values[first + index]));
  }
  let found = extremesOfGroup(range, thread);
  if (thread > 0) {
    return;
  }
  if (LARGEST) {
    extremes[group.x] = found.y;
    return;
  }
  extremes[2 * group.x] = found.x;
  extremes[2 * group.x + 1] = found.y;
}
