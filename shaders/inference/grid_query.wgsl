// The query of one grid: what the global table has for the image's point, and beside it what the local table has for the pixel's.
// Both are sampled as in grid_sample.wgsl; query [images, pixels, 2 C], the first C channels global.
// A workgroup of 8 lanes x 8 pixels = 64 threads makes 64 of the 2 C channels of 8 pixels: a thread finds its four cells and weights
// in either table once, then makes every 8th channel. Dispatch: ceil(2 C / 64), ceil(images * pixels / 8): 9 x 128 = 1,152 groups for
// the paper's map at batch 1.

import package::shared::grid::{cellsAround, nearPosition};

struct Sizes {
  // images * pixels
  points : u32,
  pixels : u32,
  channels : u32,
  globalSide : u32,
  localSide : u32,
}

// [globalSide, globalSide, pixels * C]
@group(0) @binding(0) var<storage, read> globalTable : array<f32>;
// [localSide, localSide, C]
@group(0) @binding(1) var<storage, read> localTable : array<f32>;
// [images, 2]
@group(0) @binding(2) var<storage, read> globalPoints : array<vec2f>;
// [images * pixels, 2]
@group(0) @binding(3) var<storage, read> localPoints : array<vec2f>;
@group(0) @binding(4) var<storage, read_write> query : array<f32>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

const LANES = 8u;
const POINTS = 8u;
const CHANNELS = 64u;

struct Around {
  cells : vec4u,
  weights : vec4f,
}

fn around(point : vec2f, side : u32) -> Around {
  let at = nearPosition(point, side);
  let fraction = at - floor(at);
  let corners = cellsAround(vec2i(floor(at)), side);
  let across = vec4f(1.0 - fraction.x, fraction.x, 1.0 - fraction.x, fraction.x);
  let down = vec4f(1.0 - fraction.yy, fraction.yy);
  return Around(corners.index, select(vec4f(), across * down, corners.inside));
}

@compute @workgroup_size(LANES, POINTS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_id) local : vec3u) {
  let point = group.y * POINTS + local.y;
  if (point >= sizes.points) {
    return;
  }
  let pixel = point % sizes.pixels;
  let whole = around(globalPoints[point / sizes.pixels], sizes.globalSide);
  let here = around(localPoints[point], sizes.localSide);
  // Of the global table's cells, this pixel's stretch.
  let wholeCells = whole.cells * (sizes.pixels * sizes.channels) + pixel * sizes.channels;
  let hereCells = here.cells * sizes.channels;

  let first = group.x * CHANNELS;
  let end = min(first + CHANNELS, 2 * sizes.channels);
  for (var k = first + local.x; k < end; k += LANES) {
    var value = 0.0;
    if (k < sizes.channels) {
      let at = wholeCells + k;
      let values = vec4f(globalTable[at.x], globalTable[at.y], globalTable[at.z], globalTable[at.w]);
      value = dot(whole.weights, values);
    } else {
      let at = hereCells + (k - sizes.channels);
      let values = vec4f(localTable[at.x], localTable[at.y], localTable[at.z], localTable[at.w]);
      value = dot(here.weights, values);
    }
    query[point * 2 * sizes.channels + k] = value;
  }
}
