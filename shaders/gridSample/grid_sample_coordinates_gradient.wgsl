// Second half of grid sampling's gradient with respect to the coordinates. From the dot products a, b, c, d of dy with
// the four cells (grid_sample_dots.wgsl) and the fractions (u, v) of the point between them:
//   d/dx = SIDE / 2 * ((1 - v) * (b - a) + v * (d - c)),   d/dy = SIDE / 2 * ((1 - u) * (c - a) + u * (d - b)).
// One thread a point; it adds the point's lanes in order (4 for the demo's local table, 512 for the paper's global one).
// Workgroups of 64; dispatch: ceil(N / 64), spread over x and y.

import package::shared::grid::cellPosition;
import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  points : u32,
  side : u32,
  lanes : u32,
}

@group(0) @binding(0) var<storage, read> coordinates : array<f32>;
// [N, LANES, 4]
@group(0) @binding(1) var<storage, read> dots : array<vec4f>;
@group(0) @binding(2) var<storage, read_write> gradient : array<f32>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let point = elementOf(invocation, THREADS);
  if (point >= sizes.points) {
    return;
  }
  var dot = vec4f();
  for (var lane = 0u; lane < sizes.lanes; lane++) {
    dot += dots[point * sizes.lanes + lane];
  }
  let side = f32(sizes.side);
  let xy = vec2f(coordinates[2 * point], coordinates[2 * point + 1]);
  let fraction = fract(cellPosition(xy, sizes.side));
  gradient[2 * point] = side / 2.0 * mix(dot.y - dot.x, dot.w - dot.z, fraction.y);
  gradient[2 * point + 1] = side / 2.0 * mix(dot.z - dot.x, dot.w - dot.y, fraction.x);
}
