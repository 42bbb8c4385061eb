// Second half of grid sampling's gradient with respect to the table, in gather form:
//   gradient[cell, k] = sum over the points that touch the cell of weight * dy[point, k].
// The points were sorted by their upper-left corner (grid_sample_sort.wgsl). Those that touch cell (x, y) have their corner
// at (x - 1, y - 1), (x, y - 1), (x - 1, y) or (x, y): two runs of two neighbouring bins, so two stretches of `sorted`.
// A workgroup of LANES x PARTS threads makes LANES channels of one cell, neighbouring lanes reading neighbouring floats of
// dy. Part p adds the points p, p + PARTS, ... of the cell; after the only barrier the parts' sums are added in order: no
// atomics, the same bits at every run. Work is 4 * N * K multiplications, however many cells there are.
// Local table (N = 2,048 points, K = 32, SIDE = 8): 16 x 4 threads, 128 groups, 32 points a thread on average. Global table
// (N = 8, K = 8,192, SIDE = 4): 64 x 1 threads, no barrier, 128 x 16 groups. Dispatch: ceil(K / LANES), SIDE^2.

struct Sizes {
  side : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> dy : array<f32>;
@group(0) @binding(1) var<storage, read> starts : array<u32>;
@group(0) @binding(2) var<storage, read> sorted : array<vec4f>;
@group(0) @binding(3) var<storage, read_write> gradient : array<f32>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

override LANES : u32;
override PARTS : u32;

var<workgroup> sums : array<f32, LANES * PARTS>;

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
  if (channel < sizes.channels) {
    for (var i = local.y; i < count; i += PARTS) {
      let point = sorted[select(starts[below] + i - countAbove, starts[above] + i, i < countAbove)];
      let closeness = max(1.0 - abs(point.xy - vec2f(cell)), vec2f());
      sum += closeness.x * closeness.y * dy[u32(point.z) * sizes.channels + channel];
    }
  }
  if (PARTS > 1) {
    sums[thread] = sum;
    workgroupBarrier();
    if (local.y == 0) {
      for (var part = 1u; part < PARTS; part++) {
        sum += sums[part * LANES + local.x];
      }
    }
  }
  if (local.y == 0 && channel < sizes.channels) {
    gradient[group.y * sizes.channels + channel] = sum;
  }
}
