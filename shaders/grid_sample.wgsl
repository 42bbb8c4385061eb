// Bilinear sampling of a square table at points, torch's grid_sample with align_corners = false and zeros outside:
//   sampled[n, k] = sum over the four cells around point n of weight * table[cell, k].
// Table [SIDE, SIDE, K] (row y, column x), coordinates [N, 2] as (x, y) in [-1, 1], sampled [N, K].
// A workgroup of LANES x ROWS = 32 x 4 threads makes a tile of 16 points x 256 channels. First, 16 threads find one
// point's four cells and weights each and leave them in workgroup memory (512 bytes): the arithmetic of a point is
// done once a tile, not once a channel. Then the four rows of threads walk the points and the 32 lanes the channels:
// four reads and one write for each value, neighbouring lanes at neighbouring addresses.
// Dispatch: ceil(K / 256), ceil(N / 16). The local table (K to 272, N to 16,384) and the global one (K to 278,528,
// N to 16) both fill a GPU: 2,048 and 1,088 groups.

struct Sizes {
  points : u32,
  side : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> table : array<f32>;
@group(0) @binding(1) var<storage, read> coordinates : array<f32>;
@group(0) @binding(2) var<storage, read_write> sampled : array<f32>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

const LANES = 32u;
const ROWS = 4u;
const POINTS = 16u;
const CHANNELS = 256u;

// Of each point of the tile: where its four cells begin in the table, and their weights (0 outside the table).
var<workgroup> cells : array<vec4u, POINTS>;
var<workgroup> weights : array<vec4f, POINTS>;

// Cell coordinates of a point; far outside, every value means the same, and the integers below stay small.
fn position(point : u32) -> vec2f {
  let side = f32(sizes.side);
  let xy = vec2f(coordinates[2 * point], coordinates[2 * point + 1]);
  return clamp(((xy + 1.0) * side - 1.0) / 2.0, vec2f(-2.0), vec2f(side + 1.0));
}

fn prepare(slot : u32, point : u32) {
  let at = position(point);
  let corner = vec2i(floor(at));
  let fraction = at - floor(at);
  let x = corner.x + vec4i(0, 1, 0, 1);
  let y = corner.y + vec4i(0, 0, 1, 1);
  let side = i32(sizes.side);
  let inside = (x >= vec4i(0)) & (x < vec4i(side)) & (y >= vec4i(0)) & (y < vec4i(side));
  let across = vec4f(1.0 - fraction.x, fraction.x, 1.0 - fraction.x, fraction.x);
  let down = vec4f(1.0 - fraction.yy, fraction.yy);
  weights[slot] = select(vec4f(), across * down, inside);
  cells[slot] = vec4u(select(vec4i(), y * side + x, inside)) * sizes.channels;
}

@compute @workgroup_size(LANES, ROWS)
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(local_invocation_id) local : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let firstPoint = group.y * POINTS;
  let points = min(POINTS, sizes.points - firstPoint);
  if (thread < points) {
    prepare(thread, firstPoint + thread);
  }
  workgroupBarrier();

  let firstChannel = group.x * CHANNELS;
  let endChannel = min(firstChannel + CHANNELS, sizes.channels);
  for (var slot = local.y; slot < points; slot += ROWS) {
    let cell = cells[slot];
    let weight = weights[slot];
    let row = (firstPoint + slot) * sizes.channels;
    for (var k = firstChannel + local.x; k < endChannel; k += LANES) {
      let values = vec4f(table[cell.x + k], table[cell.y + k], table[cell.z + k], table[cell.w + k]);
      sampled[row + k] = dot(weight, values);
    }
  }
}
