// Second half of the nearest-neighbour search: of each query's candidates the nearest, and of equally near ones the first in the
// bank. Workgroups of 64 threads, one query a thread: neighbouring threads read neighbouring candidates. Dispatch:
// ceil(queries / 64), spread over x and y. A minimum, not a sum: the same bits in any order.

import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  queries : u32,
  // Candidates of each query.
  candidates : u32,
}

// [candidates, queries]: (squared distance, index)
@group(0) @binding(0) var<storage, read> candidates : array<vec2f>;
@group(0) @binding(1) var<storage, read_write> squares : array<f32>;
@group(0) @binding(2) var<storage, read_write> indices : array<f32>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let query = elementOf(invocation, THREADS);
  if (query >= sizes.queries) {
    return;
  }
  var best = candidates[query];
  for (var i = 1u; i < sizes.candidates; i++) {
    let other = candidates[i * sizes.queries + query];
    if (other.x < best.x || (other.x == best.x && other.y < best.y)) {
      best = other;
    }
  }
  squares[query] = best.x;
  indices[query] = best.y;
}
