// First half of grid sampling's gradient with respect to the table: sorts the points by the cell to their upper left, so
// that the second half (grid_sample_table_gradient.wgsl) finds the points that touch a cell without looking at the
// others, and always adds them in the same order. A counting sort, stable, in one dispatch and without atomics.
// There are (SIDE + 1)^2 bins, one per upper-left corner from -1 to SIDE - 1 on each axis; points beyond touch nothing.
// One workgroup of 64 threads a bin, and one more for the end mark. Each thread looks twice at its own stretch of N / 64
// points: first it counts those in lower bins (their total is where this bin starts) and those in this bin; after one
// barrier it knows how many of the latter lie in the stretches before its own, and writes its points behind them.
// Dispatch: (SIDE + 1)^2 + 1 groups, spread over x and y. At SIDE = 8 and N = 2,048 that is 82 groups and 64 looks a
// thread; at SIDE = 32 and N = 16,384 1,090 groups and 512 looks.

import package::shared::grid::nearPosition;
import package::shared::invocation::{groupOf, Invocation};

struct Sizes {
  points : u32,
  side : u32,
}

@group(0) @binding(0) var<storage, read> coordinates : array<f32>;
// [(SIDE + 1)^2 + 1]: where each bin begins in `sorted`; the last is the number of points that touch the table.
@group(0) @binding(1) var<storage, read_write> starts : array<u32>;
// [N]: (x, y) in cells and the point's number, bin after bin, numbers rising within a bin. They are exact below 2^24.
@group(0) @binding(2) var<storage, read_write> sorted : array<vec4f>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

const THREADS = 64u;

// (points in lower bins, points in this bin) of each thread's stretch.
var<workgroup> counts : array<vec2u, THREADS>;

// In cells.
fn position(point : u32) -> vec2f {
  return nearPosition(vec2f(coordinates[2 * point], coordinates[2 * point + 1]), sizes.side);
}

// The bin of a point; `bins` for a point that touches no cell.
fn binOf(point : u32, bins : u32) -> u32 {
  let corner = vec2i(floor(position(point))) + 1;
  let inside = all(corner >= vec2i()) && all(corner <= vec2i(i32(sizes.side)));
  return select(bins, u32(corner.y * (i32(sizes.side) + 1) + corner.x), inside);
}

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let thread = invocation.thread;
  let bin = groupOf(invocation);
  let bins = (sizes.side + 1) * (sizes.side + 1);
  let stretch = (sizes.points + THREADS - 1) / THREADS;
  let first = min(thread * stretch, sizes.points);
  let end = min(first + stretch, sizes.points);
  var count = vec2u();
  for (var point = first; point < end; point++) {
    let other = binOf(point, bins);
    count += vec2u(vec2<bool>(other < bin, other == bin));
  }
  counts[thread] = count;
  workgroupBarrier();

  if (bin > bins) {
    return;
  }
  var start = 0u;
  for (var other = 0u; other < THREADS; other++) {
    start += counts[other].x;
  }
  if (thread == 0) {
    starts[bin] = start;
  }
  if (bin == bins || count.y == 0) {
    return;
  }
  for (var other = 0u; other < thread; other++) {
    start += counts[other].y;
  }
  for (var point = first; point < end; point++) {
    if (binOf(point, bins) == bin) {
      sorted[start] = vec4f(position(point), f32(point), 0.0);
      start++;
    }
  }
}
