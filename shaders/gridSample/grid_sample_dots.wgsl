// First half of grid sampling's gradient with respect to the coordinates: for each point the dot products of its row of
// dy with the table's rows at its four cells, [upper left, upper right, lower left, lower right]. The gradient needs no
// more than these (grid_sample_coordinates_gradient.wgsl): 4 numbers a point instead of K.
// LANES threads share a point; each adds every LANES-th channel, so neighbouring lanes read neighbouring floats, and leaves its
// own partial sum: no barrier here, the second half adds the lanes in order. With LANES near the root of K both halves
// add about as much: K = 32: 4 lanes of 8 channels; K = 272: 16 of 17; the paper's global table (K = 278,528): 512 of 544.
// Workgroups of 64; dispatch: ceil(N * LANES / 64), spread over x and y.

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

// Cell coordinates of a point; far outside, every value means the same, and the integers below stay small.
fn position(point : u32) -> vec2f {
  let side = f32(sizes.side);
  let xy = vec2f(coordinates[2 * point], coordinates[2 * point + 1]);
  return clamp(((xy + 1.0) * side - 1.0) / 2.0, vec2f(-2.0), vec2f(side + 1.0));
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) id : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let index = (id.y * groups.x + id.x) * THREADS + thread;
  let point = index / sizes.lanes;
  if (point >= sizes.points) {
    return;
  }
  let corner = vec2i(floor(position(point)));
  let x = corner.x + vec4i(0, 1, 0, 1);
  let y = corner.y + vec4i(0, 0, 1, 1);
  let side = i32(sizes.side);
  let inside = (x >= vec4i(0)) & (x < vec4i(side)) & (y >= vec4i(0)) & (y < vec4i(side));
  let cells = vec4u(select(vec4i(), y * side + x, inside)) * sizes.channels;

  var sum = vec4f();
  for (var k = index % sizes.lanes; k < sizes.channels; k += sizes.lanes) {
    let values = vec4f(table[cells.x + k], table[cells.y + k], table[cells.z + k], table[cells.w + k]);
    sum += dy[point * sizes.channels + k] * values;
  }
  dots[index] = select(vec4f(), sum, inside);
}
