// First half of grid sampling's gradient with respect to the coordinates: for each point the dot products of its row of
// dy with the table's rows at its four cells, [upper left, upper right, lower left, lower right]. The gradient needs no
// more than these (grid_sample_coordinates_gradient.wgsl): 4 numbers a point instead of K.
// LANES threads share one point, ROWS points share a workgroup, LANES * ROWS = 64. A lane adds up every LANES-th channel
// of a slice of SLICE channels (neighbouring lanes, neighbouring floats), then the lanes' sums are added in a tree of
// log2(LANES) steps: a fixed order, the same bits at every run. Rows of dy longer than a slice are cut, and the second
// half adds the slices in order.
// Local table (K <= 512): 16 x 4, one slice. Global table (K to 278,528): 64 x 1, slices of 2,048; 16 points make 2,176 groups.
// Dispatch: slices, ceil(N / ROWS).

struct Sizes {
  points : u32,
  side : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> table : array<f32>;
@group(0) @binding(1) var<storage, read> coordinates : array<f32>;
@group(0) @binding(2) var<storage, read> dy : array<f32>;
// [N, slices, 4]
@group(0) @binding(3) var<storage, read_write> dots : array<vec4f>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

override LANES : u32;
override ROWS : u32;
override SLICE : u32;

var<workgroup> sums : array<vec4f, LANES * ROWS>;

// Cell coordinates of a point; far outside, every value means the same, and the integers below stay small.
fn position(point : u32) -> vec2f {
  let side = f32(sizes.side);
  let xy = vec2f(coordinates[2 * point], coordinates[2 * point + 1]);
  return clamp(((xy + 1.0) * side - 1.0) / 2.0, vec2f(-2.0), vec2f(side + 1.0));
}

@compute @workgroup_size(LANES, ROWS)
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_id) local : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let point = min(group.y * ROWS + local.y, sizes.points - 1);
  let corner = vec2i(floor(position(point)));
  let x = corner.x + vec4i(0, 1, 0, 1);
  let y = corner.y + vec4i(0, 0, 1, 1);
  let side = i32(sizes.side);
  let inside = (x >= vec4i(0)) & (x < vec4i(side)) & (y >= vec4i(0)) & (y < vec4i(side));
  let cells = vec4u(select(vec4i(), y * side + x, inside)) * sizes.channels;

  var sum = vec4f();
  let end = min((group.x + 1) * SLICE, sizes.channels);
  for (var k = group.x * SLICE + local.x; k < end; k += LANES) {
    let values = vec4f(table[cells.x + k], table[cells.y + k], table[cells.z + k], table[cells.w + k]);
    sum += dy[point * sizes.channels + k] * values;
  }
  sums[thread] = sum;
  for (var reach = LANES / 2; reach > 0; reach /= 2) {
    workgroupBarrier();
    if (local.x < reach) {
      sums[thread] += sums[thread + reach];
    }
  }
  if (local.x == 0 && group.y * ROWS + local.y < sizes.points) {
    dots[point * groups.x + group.x] = select(vec4f(), sums[thread], inside);
  }
}
