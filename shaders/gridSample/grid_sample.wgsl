// Bilinear sampling of a square table at points, torch's grid_sample with align_corners = false and zeros outside:
//   sampled[n, k] = sum over the four cells around point n of weight * table[cell, k].
// Table [SIDE, SIDE, K] (row y, column x), coordinates [N, 2] as (x, y) in [-1, 1], sampled [N, K].
// A workgroup of 8 lanes x 8 points = 64 threads makes 64 channels of 8 points: a thread finds its point's four cells and
// weights once and then makes every 8th of the channels, four reads and one write each; the lanes of a point read 32
// neighbouring bytes. No workgroup memory and no barriers, which adapters that compute on the CPU pay dearly.
// Dispatch: ceil(K / 64), ceil(N / 8). The local table (K to 272, N to 16,384) and the global one (K to 278,528, N to 16)
// both fill a GPU: 10,240 and 8,704 groups.

import package::shared::grid::{cellsAround, nearPosition};

struct Sizes {
  points : u32,
  side : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> table : array<f32>;
@group(0) @binding(1) var<storage, read> coordinates : array<f32>;
@group(0) @binding(2) var<storage, read_write> sampled : array<f32>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

const LANES = 8u;
const POINTS = 8u;
const CHANNELS = 64u;

@compute @workgroup_size(LANES, POINTS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_id) local : vec3u) {
  let point = group.y * POINTS + local.y;
  if (point >= sizes.points) {
    return;
  }
  let xy = vec2f(coordinates[2 * point], coordinates[2 * point + 1]);
  let at = nearPosition(xy, sizes.side);
  let fraction = at - floor(at);
  let around = cellsAround(vec2i(floor(at)), sizes.side);
  let across = vec4f(1.0 - fraction.x, fraction.x, 1.0 - fraction.x, fraction.x);
  let down = vec4f(1.0 - fraction.yy, fraction.yy);
  let weights = select(vec4f(), across * down, around.inside);
  let cells = around.index * sizes.channels;

  let first = group.x * CHANNELS;
  for (var k = first + local.x; k < min(first + CHANNELS, sizes.channels); k += LANES) {
    let values = vec4f(table[cells.x + k], table[cells.y + k], table[cells.z + k], table[cells.w + k]);
    sampled[point * sizes.channels + k] = dot(weights, values);
  }
}
