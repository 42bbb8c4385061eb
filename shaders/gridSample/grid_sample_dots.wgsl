// First half of grid sampling's gradient with respect to the coordinates: for each point the dot products of its row of
// dy with the table's rows at its four cells, [upper left, upper right, lower left, lower right]. The gradient needs no
// more than these (grid_sample_coordinates_gradient.wgsl): 4 numbers a point instead of K.
// LANES threads share a point; each adds every LANES-th channel, so neighbouring lanes read neighbouring floats, and leaves its
// own partial sum: no barrier here, the second half adds the lanes in order. With LANES near the root of K both halves
// add about as much: K = 32: 4 lanes of 8 channels; K = 272: 16 of 17; the paper's global table (K = 278,528): 512 of 544.
// Workgroups of 64; dispatch: ceil(N * LANES / 64), spread over x and y.

import package::shared::grid::{cellsAround, nearPosition};
import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  points : u32,
  side : u32,
  channels : u32,
  lanes : u32,
}

@group(0) @binding(0) var<storage, read> table : array<f32>;
@group(0) @binding(1) var<storage, read> coordinates : array<f32>;
@group(0) @binding(2) var<storage, read> dy : array<f32>;
// [N, LANES, 4]
@group(0) @binding(3) var<storage, read_write> dots : array<vec4f>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  let point = index / sizes.lanes;
  if (point >= sizes.points) {
    return;
  }
  let xy = vec2f(coordinates[2 * point], coordinates[2 * point + 1]);
  let around = cellsAround(vec2i(floor(nearPosition(xy, sizes.side))), sizes.side);
  let cells = around.index * sizes.channels;

  var sum = vec4f();
  for (var k = index % sizes.lanes; k < sizes.channels; k += sizes.lanes) {
    let values = vec4f(table[cells.x + k], table[cells.y + k], table[cells.z + k], table[cells.w + k]);
    sum += dy[point * sizes.channels + k] * values;
  }
  dots[index] = select(vec4f(), sum, around.inside);
}
