// For each query the nearest point of a memory bank (Euclidean), first half, as nearest_neighbour.wgsl, by tiles in workgroup
// memory: what a GPU wants. The squared distance is the sum of squared differences here, too, so that a remembered patch
// is at a distance of exactly 0; sums run channel by channel.
// A workgroup of DOWN x ACROSS threads (8 x 8 here; tiles.wgsl has the cut) compares 64 queries with 64 points at a time, going
// through a slice of the bank tile by tile and through the channels 16 at a time; a thread 8 queries with 8 points: 4 reads of
// workgroup memory for 64 differences. While a step is compared the next one is being read. What lies beyond the last channel is zero
// on both sides; queries and points beyond the end repeat the last one and are not counted.
// A thread leaves the best of the points it has seen, nearest_merge.wgsl takes the best of those. Of equally near points the
// first in the bank wins, so the same bits at every run. Dispatch: ceil(queries / 64), slices.

import package::shared::tiles::{ACROSS, addSquares, COLUMN_QUADS, DEPTH, DEPTH_QUADS, DOWN, keepLeftBlock, LANES, right, ROW_QUADS, sums, THREADS, TILE_COLUMNS, TILE_ROWS};

struct Sizes {
  queries : u32,
  channels : u32,
  points : u32,
  // Points of a slice, a multiple of the tile's.
  slice : u32,
}

// [queries, channels], channels a multiple of 4
@group(0) @binding(0) var<storage, read> queries : array<vec4f>;
// [channels, points]
@group(0) @binding(1) var<storage, read> bank : array<f32>;
// [ACROSS * slices, queries]: (squared distance, index)
@group(0) @binding(2) var<storage, read_write> candidates : array<vec2f>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

// A thread's share of a step.
const BLOCKS = (TILE_ROWS * DEPTH_QUADS + THREADS - 1u) / THREADS;
const VECTORS = (TILE_COLUMNS + LANES - 1u) / LANES;
var<private> nextQueries : array<vec4f, 4u * BLOCKS>;
var<private> nextPoints : array<vec4f, VECTORS>;
// Per row of the thread: squared distance and index of the nearest so far.
var<private> best : array<vec2f, 4u * ROW_QUADS>;

// Farther than any point.
const NOTHING = vec2f(3e38, 0);

fn readStep(thread : u32, firstQuad : u32, firstPoint : u32, channel : u32) {
  let width = sizes.channels / 4u;
  let quad = channel / 4u + thread % DEPTH_QUADS;
  // unroll
  for (var i = 0u; i < 4u * BLOCKS; i++) {
    let row = 4u * (firstQuad + (thread + i / 4u * THREADS) / DEPTH_QUADS) + i % 4u;
    let value = queries[min(row, sizes.queries - 1u) * width + min(quad, width - 1u)];
    nextQueries[i] = select(vec4f(), value, quad < width);
  }
  let place = channel + thread / LANES;
  let at = min(place, sizes.channels - 1u) * sizes.points;
  let last = vec4u(sizes.points - 1u);
  // unroll
  for (var i = 0u; i < VECTORS; i++) {
    let point = min(firstPoint + 4u * (thread % LANES + i * LANES) + vec4u(0, 1, 2, 3), last) + at;
    let value = vec4f(bank[point.x], bank[point.y], bank[point.z], bank[point.w]);
    nextPoints[i] = select(vec4f(), value, place < sizes.channels);
  }
}

fn keepStep(thread : u32) {
  let k = thread % DEPTH_QUADS;
  // unroll
  for (var i = 0u; i < BLOCKS; i++) {
    let quad = (thread + i * THREADS) / DEPTH_QUADS;
    if (quad < TILE_ROWS) {
      keepLeftBlock(k, quad, mat4x4f(
        nextQueries[4u * i],
        nextQueries[4u * i + 1u],
        nextQueries[4u * i + 2u],
        nextQueries[4u * i + 3u],
      ));
    }
  }
  let place = thread / LANES;
  // unroll
  for (var i = 0u; i < VECTORS; i++) {
    let quad = thread % LANES + i * LANES;
    if (quad < TILE_COLUMNS) {
      right[place / 4u][place % 4u][quad] = nextPoints[i];
    }
  }
}

// The nearer of a row's best and of four points' distances; the first in the bank of equally near ones.
fn nearer(before : vec2f, squares : vec4f, firstPoint : u32, end : u32) -> vec2f {
  let points = firstPoint + vec4u(0, 1, 2, 3);
  let counted = select(vec4f(NOTHING.x), squares, points < vec4u(end));
  var found = before;
  found = select(found, vec2f(counted.x, f32(points.x)), comesBefore(counted.x, points.x, found));
  found = select(found, vec2f(counted.y, f32(points.y)), comesBefore(counted.y, points.y, found));
  found = select(found, vec2f(counted.z, f32(points.z)), comesBefore(counted.z, points.z, found));
  return select(found, vec2f(counted.w, f32(points.w)), comesBefore(counted.w, points.w, found));
}

// Whether a point is nearer than another, or as near and earlier in the bank.
fn comesBefore(square : f32, point : u32, other : vec2f) -> bool {
  return (square < other.x) || (square == other.x && f32(point) < other.y);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) thread : u32) {
  let firstQuad = group.x * TILE_ROWS;
  let down = thread / ACROSS;
  let across = thread % ACROSS;
  let start = group.y * sizes.slice;
  let end = min(start + sizes.slice, sizes.points);
  // unroll
  for (var i = 0u; i < 4u * ROW_QUADS; i++) {
    best[i] = NOTHING;
  }
  readStep(thread, firstQuad, start, 0u);
  for (var tile = start; tile < end; tile += 4u * TILE_COLUMNS) {
    // unroll
    for (var i = 0u; i < 4u * ROW_QUADS * COLUMN_QUADS; i++) {
      sums[i] = vec4f();
    }
    for (var channel = 0u; channel < sizes.channels; channel += DEPTH) {
      workgroupBarrier();
      keepStep(thread);
      workgroupBarrier();
      let turns = channel + DEPTH >= sizes.channels;
      readStep(thread, firstQuad, select(tile, tile + 4u * TILE_COLUMNS, turns), select(channel + DEPTH, 0u, turns));
      addSquares(down, across);
    }
    // unroll
    for (var i = 0u; i < 4u * ROW_QUADS; i++) {
      // unroll
      for (var j = 0u; j < COLUMN_QUADS; j++) {
        let squares = sums[4u * (i / 4u * COLUMN_QUADS + j) + i % 4u];
        best[i] = nearer(best[i], squares, tile + 4u * (across + j * ACROSS), end);
      }
    }
  }
  // unroll
  for (var i = 0u; i < 4u * ROW_QUADS; i++) {
    let query = 4u * (firstQuad + down + i / 4u * DOWN) + i % 4u;
    if (query < sizes.queries) {
      candidates[(group.y * ACROSS + across) * sizes.queries + query] = best[i];
    }
  }
}
