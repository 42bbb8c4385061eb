// Second half of grid sampling's gradient with respect to the table, in gather form:
//   gradient[cell, k] = sum over the points that touch the cell of weight * dy[point, k].
// The points were sorted by their upper-left corner (grid_sample_sort.wgsl). Those that touch cell (x, y) have their corner
// at (x - 1, y - 1), (x, y - 1), (x - 1, y) or (x, y): two runs of two neighbouring bins, so two stretches of `order`.
// A workgroup of LANES x PARTS threads makes LANES channels of one cell. It takes the points in tiles of LANES * PARTS: each
// thread works out one point's weight into workgroup memory, then row p adds the p-th LANES points of the tile for its
// channels, neighbouring lanes reading neighbouring floats of dy. At the end the rows' sums are added in order: no atomics,
// the same bits at every run. Work is 4 * N * K multiplications, however many cells there are.
// Local table (N = 2,048 points, K = 32, SIDE = 8): 32 x 8 threads, 64 groups, half a tile each on average. Global table
// (N = 8, K = 8,192, SIDE = 4): 64 x 1 threads, 16 x 128 groups. Dispatch: ceil(K / LANES), SIDE^2.

struct Sizes {
  side : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> coordinates : array<f32>;
@group(0) @binding(1) var<storage, read> dy : array<f32>;
@group(0) @binding(2) var<storage, read> starts : array<u32>;
@group(0) @binding(3) var<storage, read> order : array<u32>;
@group(0) @binding(4) var<storage, read_write> gradient : array<f32>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

override LANES : u32;
override PARTS : u32;

// Of each point of the tile: where its row of dy begins, and the cell's weight in it.
var<workgroup> rows : array<u32, LANES * PARTS>;
var<workgroup> weights : array<f32, LANES * PARTS>;
var<workgroup> sums : array<f32, LANES * PARTS>;

// Cell coordinates of a point; far outside, every value means the same, and the integers below stay small.
fn position(point : u32) -> vec2f {
  let side = f32(sizes.side);
  let xy = vec2f(coordinates[2 * point], coordinates[2 * point + 1]);
  return clamp(((xy + 1.0) * side - 1.0) / 2.0, vec2f(-2.0), vec2f(side + 1.0));
}

@compute @workgroup_size(LANES, PARTS)
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(local_invocation_id) local : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let cell = vec2u(group.y % sizes.side, group.y / sizes.side);
  let channel = group.x * LANES + local.x;
  // Bins are numbered from corner -1 on: bin (x, y) has its corner at (x - 1, y - 1).
  let above = cell.y * (sizes.side + 1) + cell.x;
  let below = above + sizes.side + 1;
  let countAbove = starts[above + 2] - starts[above];
  let count = countAbove + starts[below + 2] - starts[below];

  var sum = 0.0;
  for (var tile = 0u; tile < count; tile += LANES * PARTS) {
    let entry = tile + thread;
    if (entry < count) {
      let point = order[select(starts[below] + entry - countAbove, starts[above] + entry, entry < countAbove)];
      let closeness = max(1.0 - abs(position(point) - vec2f(cell)), vec2f());
      rows[thread] = point * sizes.channels;
      weights[thread] = closeness.x * closeness.y;
    }
    workgroupBarrier();
    let first = local.y * LANES;
    let entries = min(LANES, max(count - tile, first) - first);
    if (channel < sizes.channels) {
      for (var i = first; i < first + entries; i++) {
        sum += weights[i] * dy[rows[i] + channel];
      }
    }
    workgroupBarrier();
  }
  sums[thread] = sum;
  workgroupBarrier();

  if (local.y > 0 || channel >= sizes.channels) {
    return;
  }
  for (var part = 1u; part < PARTS; part++) {
    sum += sums[part * LANES + local.x];
  }
  gradient[group.y * sizes.channels + channel] = sum;
}
