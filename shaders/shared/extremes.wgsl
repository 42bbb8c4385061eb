// Smallest and largest value over a workgroup of 256 threads.

const THREADS = 256u;
var<workgroup> candidates : array<vec2f, THREADS>;

fn widen(range : vec2f, other : vec2f) -> vec2f {
  return vec2f(min(range.x, other.x), max(range.y, other.y));
}

// All threads of the group have to call it, once; thread 0 gets the answer.
fn extremesOfGroup(own : vec2f, thread : u32) -> vec2f {
  candidates[thread] = own;
  workgroupBarrier();
  var range = own;
  if (thread == 0) {
    for (var other = 1u; other < THREADS; other++) {
      range = widen(range, candidates[other]);
    }
  }
  return range;
}
