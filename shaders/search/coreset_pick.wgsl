// One step of the greedy k-centre choice in one dispatch, nothing read back: which point is farthest from those chosen before,
// and, once it is chosen, how far every point is from its nearest chosen one.
// A dispatch begins where the one before ended: every group has left the farthest of its points as a candidate, so each group
// now finds the farthest of all candidates by itself (64 threads, every 64th candidate each, one barrier, then each
// thread looks through the 64), which costs little and saves a second dispatch. That point is the pick: group 0 notes it, all
// groups shorten their points' distances to it and leave new candidates in the other list. The first dispatch of a
// call has no candidates yet: it only makes them.
// 64 threads, 4 points each, 256 points a group; dispatch: ceil(points / 256), spread over x and y. A thread reads a point 16
// channels at a time and stops where the sum has passed the distance that the point has: most points are far from the pick
// and are done after the first sixteenths, which matters more than neighbouring threads reading neighbouring floats (lavapipe,
// 81,920 points of 128 channels: 14 ms a pick; points in columns, read whole: 36 ms).
// A chosen point's distance is -1, so it is never chosen twice. Of equally far points the first wins, whatever the order
// of comparison: the same picks at every run.

import package::shared::invocation::{groupOf, Invocation};

struct Sizes {
  points : u32,
  // Channels / 4.
  quads : u32,
  // Candidates left by the dispatch before; 0 in the first one.
  candidates : u32,
  // Which pick this is.
  pick : u32,
}

// [points, 4 * quads]
@group(0) @binding(0) var<storage, read> points : array<vec4f>;
// (squared distance, index) of each group's farthest point
@group(0) @binding(1) var<storage, read> before : array<vec2f>;
// Squared distance of each point to its nearest pick
@group(0) @binding(2) var<storage, read_write> distances : array<f32>;
@group(0) @binding(3) var<storage, read_write> picks : array<f32>;
@group(0) @binding(4) var<storage, read_write> after : array<vec2f>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

const THREADS = 64u;
const POINTS = 4u;
// Quads between two looks at the sum.
const STRETCH = 4u;
const NOTHING = vec2f(-2, 0);
const CHOSEN = -1.0;

var<workgroup> farthestBefore : array<vec2f, THREADS>;
var<workgroup> farthestAfter : array<vec2f, THREADS>;

fn farther(a : vec2f, b : vec2f) -> vec2f {
  return select(a, b, b.x > a.x || (b.x == a.x && b.y < a.y));
}

// The point's distance after the pick; exact where it changes, since a sum that stops early is not the smaller one.
fn shortened(distance : f32, point : u32, pick : u32) -> f32 {
  if (point == pick) {
    return CHOSEN;
  }
  var sum = 0.0;
  for (var stretch = 0u; stretch < sizes.quads && sum < distance; stretch += STRETCH) {
    for (var quad = stretch; quad < min(stretch + STRETCH, sizes.quads); quad++) {
      let difference = points[point * sizes.quads + quad] - points[pick * sizes.quads + quad];
      sum += dot(difference, difference);
    }
  }
  return min(distance, sum);
}

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let thread = invocation.thread;
  let group = groupOf(invocation);
  let first = group * THREADS * POINTS + thread;

  var best = NOTHING;
  for (var i = thread; i < sizes.candidates; i += THREADS) {
    best = farther(best, before[i]);
  }
  farthestBefore[thread] = best;
  workgroupBarrier();
  for (var other = 0u; other < THREADS; other++) {
    best = farther(best, farthestBefore[other]);
  }
  if (first == 0 && sizes.candidates > 0) {
    picks[sizes.pick] = best.y;
  }

  var mine = NOTHING;
  for (var i = 0u; i < POINTS; i++) {
    let point = first + i * THREADS;
    if (point < sizes.points) {
      if (sizes.candidates > 0) {
        distances[point] = shortened(distances[point], point, u32(best.y));
      }
      mine = farther(mine, vec2f(distances[point], f32(point)));
    }
  }
  farthestAfter[thread] = mine;
  workgroupBarrier();
  // Groups beyond the last point, from spreading over x and y, have nothing to tell.
  if (thread > 0 || first >= sizes.points) {
    return;
  }
  for (var other = 1u; other < THREADS; other++) {
    mine = farther(mine, farthestAfter[other]);
  }
  after[group] = mine;
}
