// The matrix product C = A B by tiles in workgroup memory, for all that is one: linear layers, dense convolutions over NHWC maps,
// and the gradients of both. y = activation(A B + bias + residual), or a slice of A B.
// A workgroup of DOWN x ACROSS threads makes a tile of 4 TILE_ROWS x 4 TILE_COLUMNS results (64 x 64 with 64 threads, if nothing else
// is filled in; tiles.wgsl has the cut). It goes along the inner sum in steps of DEPTH places: while a step is multiplied, each
// thread holds its share of the next one in registers, already read. A step of 16 places reads 2 x 1024 numbers for 65,536
// multiply-adds.
// Loading. The inner sum runs tap by tap (the positions of a convolution's kernel; one tap for a plain product), and within a tap over
// `inner` places, so that a step lies within one tap. What lies outside the map, or beyond an end, is zero.
// - A by rows: a row is an output pixel, its places are the channels of the input pixel under the tap: 4 x 4 blocks, transposed in
//   registers. A plain matrix is a map of one line.
// - A by places (LEFT_TURNED): a row is a tap and a channel, a place is an output pixel: the gradient of a filter, x^T dy.
// - B by places: [taps, inner, columns] as it lies.
// - B by columns (RIGHT_TURNED): [taps, columns, inner], taps backwards: the filter as the gradient of its input needs it, W^T.
// Results have the same bits at every run: each is summed by one thread in the order of the places; of a sum cut into
// slices, finish_slices.wgsl adds the slices in order. Dispatch: ceil(columns / tile), ceil(rows / tile), slices.

import package::shared::activation::activate;
import package::shared::tiles::{ACROSS, COLUMN_QUADS, DEPTH, DEPTH_QUADS, DOWN, keepLeftBlock, keepRightBlock, LANES, left, multiplyTiles, right, ROW_QUADS, sums, THREADS, TILE_COLUMNS, TILE_ROWS};

override LEFT_TURNED = false;
override RIGHT_TURNED = false;
override BIASED = false;
override RESIDUAL = false;
// With BIASED: bias is [2, columns], factors first.
override SCALED = false;
// Whether gate [B, channels] scales the input's channels; A by rows only.
override GATED = false;

struct Sizes {
  rows : u32,
  // In quads.
  columns : u32,
  // Places of a tap, and taps.
  inner : u32,
  taps : u32,
  // Steps of a slice, and of all taps.
  sliceSteps : u32,
  steps : u32,
  // The map that A is read from; channels in quads.
  height : u32,
  width : u32,
  channels : u32,
  outHeight : u32,
  outWidth : u32,
  kernel : u32,
  stride : u32,
  top : i32,
  left : i32,
}

@group(0) @binding(0) var<storage, read> x : array<vec4f>;
@group(0) @binding(1) var<storage, read> weight : array<vec4f>;
// [columns]
@group(0) @binding(2) var<storage, read> bias : array<vec4f>;
@group(0) @binding(3) var<storage, read> residual : array<vec4f>;
@group(0) @binding(4) var<storage, read> gate : array<vec4f>;
// [slices, rows, columns]
@group(0) @binding(5) var<storage, read_write> y : array<vec4f>;
@group(0) @binding(6) var<uniform> sizes : Sizes;

// A thread's share of a step: 4 x 4 blocks where four numbers of a row lie together, else single vec4. A share beyond
// the tile repeats the tile's last one, so that nothing else is read, and is not kept.
const LEFT_BLOCKS = (TILE_ROWS * DEPTH_QUADS + THREADS - 1u) / THREADS;
const RIGHT_BLOCKS = (TILE_COLUMNS * DEPTH_QUADS + THREADS - 1u) / THREADS;
const LEFT_VECTORS = (TILE_ROWS + LANES - 1u) / LANES;
const RIGHT_VECTORS = (TILE_COLUMNS + LANES - 1u) / LANES;
const MOST_LEFT = 4u * LEFT_BLOCKS + LEFT_VECTORS;
const MOST_RIGHT = 4u * RIGHT_BLOCKS + RIGHT_VECTORS;
var<private> nextLeft : array<vec4f, MOST_LEFT>;
var<private> nextRight : array<vec4f, MOST_RIGHT>;
// Whether it lies in the map. Asked when it is kept: a read that is looked at before the product would be waited for.
var<private> counts : array<bool, MOST_LEFT>;

// Where A is read: by rows, the pixel under the first tap, which may lie outside, and its place in x; by places, the
// tap's distance to the pixel and its offset.
struct Corner {
  y : i32,
  x : i32,
  at : u32,
  // Where the image's gates begin.
  gate : u32,
}
var<private> corners : array<Corner, MOST_LEFT>;
// Where B is read, but for the place.
var<private> columns : array<u32, MOST_RIGHT>;

fn cornerOfRow(row : u32) -> Corner {
  let pixel = min(row, sizes.rows - 1u);
  let line = pixel / sizes.outWidth;
  let image = line / sizes.outHeight;
  let y = i32(line % sizes.outHeight * sizes.stride) - sizes.top;
  let x = i32(pixel % sizes.outWidth * sizes.stride) - sizes.left;
  let at = ((i32(image * sizes.height) + y) * i32(sizes.width) + x) * i32(sizes.channels);
  return Corner(y, x, u32(at), image * sizes.channels);
}

fn cornerOfTap(row : u32) -> Corner {
  let quad = min(row, sizes.rows - 1u) / 4u;
  let tap = quad / sizes.channels;
  let y = i32(tap / sizes.kernel) - sizes.top;
  let x = i32(tap % sizes.kernel) - sizes.left;
  let at = (y * i32(sizes.width) + x) * i32(sizes.channels) + i32(quad % sizes.channels);
  return Corner(y, x, u32(at), 0u);
}

fn findLeft(thread : u32, first : u32) {
  if (LEFT_TURNED) {
    // unroll
    for (var i = 0u; i < LEFT_VECTORS; i++) {
      corners[i] = cornerOfTap(4u * (first + min(thread % LANES + i * LANES, TILE_ROWS - 1u)));
    }
    return;
  }
  // unroll
  for (var i = 0u; i < 4u * LEFT_BLOCKS; i++) {
    let quad = min((thread + i / 4u * THREADS) / DEPTH_QUADS, TILE_ROWS - 1u);
    corners[i] = cornerOfRow(4u * (first + quad) + i % 4u);
  }
}

fn findRight(thread : u32, first : u32) {
  if (RIGHT_TURNED) {
    // unroll
    for (var i = 0u; i < 4u * RIGHT_BLOCKS; i++) {
      let quad = min((thread + i / 4u * THREADS) / DEPTH_QUADS, TILE_COLUMNS - 1u);
      columns[i] = min(4u * (first + quad) + i % 4u, 4u * sizes.columns - 1u) * (sizes.inner / 4u);
    }
    return;
  }
  // unroll
  for (var i = 0u; i < RIGHT_VECTORS; i++) {
    columns[i] = min(first + min(thread % LANES + i * LANES, TILE_COLUMNS - 1u), sizes.columns - 1u);
  }
}

fn inside(y : i32, x : i32) -> bool {
  return u32(y) < sizes.height && u32(x) < sizes.width;
}

// Both read a step into registers: from `place` on within the tap.
fn readLeft(thread : u32, tap : u32, place : u32) {
  if (LEFT_TURNED) {
    let pixel = place + thread / LANES;
    let line = pixel / sizes.outWidth;
    let pixelY = line % sizes.outHeight * sizes.stride;
    let pixelX = pixel % sizes.outWidth * sizes.stride;
    let at = ((line / sizes.outHeight * sizes.height + pixelY) * sizes.width + pixelX) * sizes.channels;
    // unroll
    for (var i = 0u; i < LEFT_VECTORS; i++) {
      counts[i] = pixel < sizes.inner && inside(i32(pixelY) + corners[i].y, i32(pixelX) + corners[i].x);
      nextLeft[i] = x[at + corners[i].at];
    }
    return;
  }
  let tapY = i32(tap / sizes.kernel);
  let tapX = i32(tap % sizes.kernel);
  let channel = place / 4u + thread % DEPTH_QUADS;
  let at = u32(tapY * i32(sizes.width) + tapX) * sizes.channels + channel;
  // unroll
  for (var i = 0u; i < 4u * LEFT_BLOCKS; i++) {
    counts[i] = channel < sizes.channels && inside(corners[i].y + tapY, corners[i].x + tapX);
    nextLeft[i] = x[corners[i].at + at];
    if (GATED) {
      nextLeft[i] *= gate[corners[i].gate + channel];
    }
  }
}

// Beyond the last place B repeats it: A is zero there.
fn readRight(thread : u32, tap : u32, place : u32) {
  if (RIGHT_TURNED) {
    let channels = sizes.inner / 4u;
    let channel = min(place / 4u + thread % DEPTH_QUADS, channels - 1u);
    let at = (sizes.taps - 1u - tap) * 4u * sizes.columns * channels + channel;
    // unroll
    for (var i = 0u; i < 4u * RIGHT_BLOCKS; i++) {
      nextRight[i] = weight[at + columns[i]];
    }
    return;
  }
  let at = (tap * sizes.inner + min(place + thread / LANES, sizes.inner - 1u)) * sizes.columns;
  // unroll
  for (var i = 0u; i < RIGHT_VECTORS; i++) {
    nextRight[i] = weight[at + columns[i]];
  }
}

// Both put what was read where all threads see it.
fn keepLeft(thread : u32) {
  if (LEFT_TURNED) {
    let k = thread / LANES;
    // unroll
    for (var i = 0u; i < LEFT_VECTORS; i++) {
      let quad = thread % LANES + i * LANES;
      if (quad < TILE_ROWS) {
        left[k / 4u][k % 4u][quad] = select(vec4f(), nextLeft[i], counts[i]);
      }
    }
    return;
  }
  let k = thread % DEPTH_QUADS;
  // unroll
  for (var i = 0u; i < LEFT_BLOCKS; i++) {
    let quad = (thread + i * THREADS) / DEPTH_QUADS;
    if (quad < TILE_ROWS) {
      keepLeftBlock(k, quad, mat4x4f(
        select(vec4f(), nextLeft[4u * i], counts[4u * i]),
        select(vec4f(), nextLeft[4u * i + 1u], counts[4u * i + 1u]),
        select(vec4f(), nextLeft[4u * i + 2u], counts[4u * i + 2u]),
        select(vec4f(), nextLeft[4u * i + 3u], counts[4u * i + 3u]),
      ));
    }
  }
}

fn keepRight(thread : u32) {
  if (!RIGHT_TURNED) {
    let k = thread / LANES;
    // unroll
    for (var i = 0u; i < RIGHT_VECTORS; i++) {
      let quad = thread % LANES + i * LANES;
      if (quad < TILE_COLUMNS) {
        right[k / 4u][k % 4u][quad] = nextRight[i];
      }
    }
    return;
  }
  let k = thread % DEPTH_QUADS;
  // unroll
  for (var i = 0u; i < RIGHT_BLOCKS; i++) {
    let quad = (thread + i * THREADS) / DEPTH_QUADS;
    if (quad < TILE_COLUMNS) {
      keepRightBlock(k, quad, mat4x4f(
        nextRight[4u * i],
        nextRight[4u * i + 1u],
        nextRight[4u * i + 2u],
        nextRight[4u * i + 3u],
      ));
    }
  }
}

fn writeQuad(slice : u32, row : u32, column : u32, sum : vec4f) {
  if (row >= sizes.rows || column >= sizes.columns) {
    return;
  }
  let at = (slice * sizes.rows + row) * sizes.columns + column;
  var value = sum;
  if (SCALED) {
    value = value * bias[column] + bias[sizes.columns + column];
  } else if (BIASED) {
    value += bias[column];
  }
  if (RESIDUAL) {
    value += residual[at];
  }
  y[at] = activate(value);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) thread : u32) {
  let firstRow = group.y * TILE_ROWS;
  let firstColumn = group.x * TILE_COLUMNS;
  let down = thread / ACROSS;
  let across = thread % ACROSS;
  let first = group.z * sizes.sliceSteps;
  let tapSteps = sizes.steps / sizes.taps;
  var tap = first / tapSteps;
  var place = first % tapSteps * DEPTH;

  findLeft(thread, firstRow);
  findRight(thread, firstColumn);
  readLeft(thread, tap, place);
  readRight(thread, tap, place);
  keepLeft(thread);
  keepRight(thread);
  // The last step is read once more while it is multiplied: that keeps the product in one place of the code.
  for (var ahead = min(sizes.sliceSteps, sizes.steps - first); ahead > 0u; ahead--) {
    if (ahead > 1u) {
      place += DEPTH;
      if (place >= sizes.inner) {
        place = 0u;
        tap++;
      }
    }
    workgroupBarrier();
    readLeft(thread, tap, place);
    readRight(thread, tap, place);
    multiplyTiles(down, across);
    workgroupBarrier();
    keepLeft(thread);
    keepRight(thread);
  }

  // unroll
  for (var i = 0u; i < ROW_QUADS; i++) {
    let row = 4u * (firstRow + down + i * DOWN);
    // unroll
    for (var j = 0u; j < COLUMN_QUADS; j++) {
      let column = firstColumn + across + j * ACROSS;
      writeQuad(group.z, row, column, sums[4u * (i * COLUMN_QUADS + j)]);
      writeQuad(group.z, row + 1u, column, sums[4u * (i * COLUMN_QUADS + j) + 1u]);
      writeQuad(group.z, row + 2u, column, sums[4u * (i * COLUMN_QUADS + j) + 2u]);
      writeQuad(group.z, row + 3u, column, sums[4u * (i * COLUMN_QUADS + j) + 3u]);
    }
  }
}
