// For each query the nearest point of a memory bank (Euclidean), first half: every thread leaves the best of the points it has
// seen, nearest_merge.wgsl takes the best of those. The squared distance is the sum of squared differences, not
// |q|^2 + |p|^2 - 2 q p: that saves a third of the arithmetic, but a remembered patch would be at a distance of rounding noise
// instead of exactly 0.
// A thread holds 8 queries against 8 points in four 4 x 4 blocks of registers: 16 reads for 64 differences. A workgroup of 8 x 8
// threads makes tiles of 64 queries x 64 points, going through a slice of the bank tile by tile. A thread's queries follow
// each other, its points lie 8 apart, so neighbouring threads read neighbouring floats of the bank, which is stored
// channel by channel. No workgroup memory and no barriers: as in matrix_product.wgsl a GPU's cache serves the repeated reads, and
// adapters that compute on the CPU are several times faster without.
// The bank is cut into slices so that a single image still fills a GPU. Dispatch: ceil(queries / 64), slices. Nothing depends on
// the order of comparison: of equally near points the first in the bank wins, so the same bits at every run.
// With FURTHER a point counts only if it comes after the query's `previous` one in that order (farther, or as far and
// later in the bank): run again and again it finds the second, the third, ... neighbour.

import package::shared::blocks::{OFFSETS, rowsOfBlocks, SIDE};

override FURTHER : bool;

struct Sizes {
  queries : u32,
  channels : u32,
  points : u32,
  // Points of a slice, a multiple of 64.
  slice : u32,
}

// [queries, channels]
@group(0) @binding(0) var<storage, read> queries : array<f32>;
// [channels, points]
@group(0) @binding(1) var<storage, read> bank : array<f32>;
// [queries]: squared distance and index of the neighbour found before
@group(0) @binding(2) var<storage, read> previousSquares : array<f32>;
@group(0) @binding(3) var<storage, read> previousIndices : array<f32>;
// [8 * slices, queries]: (squared distance, index)
@group(0) @binding(4) var<storage, read_write> candidates : array<vec2f>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

const ACROSS = 8u;
const TILE = ACROSS * SIDE;
// Farther than any point.
const NOTHING = vec2f(3e38, 0);

fn gatherQueries(at : vec4u) -> vec4f {
  return vec4f(queries[at.x], queries[at.y], queries[at.z], queries[at.w]);
}

fn gatherBank(at : vec4u) -> vec4f {
  return vec4f(bank[at.x], bank[at.y], bank[at.z], bank[at.w]);
}

// Column i of the result is query i: its squared differences to four points.
fn squares(query : vec4f, point : vec4f) -> mat4x4f {
  let x = query.x - point;
  let y = query.y - point;
  let z = query.z - point;
  let w = query.w - point;
  return mat4x4f(x * x, y * y, z * z, w * w);
}

fn comesAfter(a : vec2f, b : vec2f) -> bool {
  return a.x > b.x || (a.x == b.x && a.y > b.y);
}

@compute @workgroup_size(ACROSS, ACROSS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_id) local : vec3u) {
  let firstQuery = group.x * TILE + local.y * SIDE;
  if (firstQuery >= sizes.queries) {
    return;
  }
  // Queries and points beyond the end repeat the last one and are not counted.
  let lastQuery = vec4u(sizes.queries - 1);
  let q0 = min(firstQuery + OFFSETS, lastQuery) * sizes.channels;
  let q1 = min(firstQuery + 4 + OFFSETS, lastQuery) * sizes.channels;
  let lastPoint = vec4u(sizes.points - 1);

  var best : array<vec2f, SIDE>;
  for (var i = 0u; i < SIDE; i++) {
    best[i] = NOTHING;
  }
  let end = min((group.y + 1) * sizes.slice, sizes.points);
  for (var tile = group.y * sizes.slice; tile < end; tile += TILE) {
    let firstPoint = tile + local.x;
    let p0 = min(firstPoint + OFFSETS * ACROSS, lastPoint);
    let p1 = min(firstPoint + (OFFSETS + 4) * ACROSS, lastPoint);
    var d00 = mat4x4f();
    var d01 = mat4x4f();
    var d10 = mat4x4f();
    var d11 = mat4x4f();
    for (var k = 0u; k < sizes.channels; k++) {
      let left0 = gatherQueries(q0 + k);
      let left1 = gatherQueries(q1 + k);
      let right0 = gatherBank(p0 + k * sizes.points);
      let right1 = gatherBank(p1 + k * sizes.points);
      d00 += squares(left0, right0);
      d01 += squares(left0, right1);
      d10 += squares(left1, right0);
      d11 += squares(left1, right1);
    }
    var quarters = rowsOfBlocks(d00, d01, d10, d11);
    for (var i = 0u; i < SIDE * SIDE; i++) {
      let point = firstPoint + i % SIDE * ACROSS;
      let found = vec2f(quarters[i / 4][i % 4], f32(point));
      var counts = point < end && comesAfter(best[i / SIDE], found);
      if (FURTHER && counts) {
        let query = min(firstQuery + i / SIDE, lastQuery.x);
        counts = comesAfter(found, vec2f(previousSquares[query], previousIndices[query]));
      }
      if (counts) {
        best[i / SIDE] = found;
      }
    }
  }
  for (var i = 0u; i < SIDE && firstQuery + i < sizes.queries; i++) {
    candidates[(group.y * ACROSS + local.x) * sizes.queries + firstQuery + i] = best[i];
  }
}
