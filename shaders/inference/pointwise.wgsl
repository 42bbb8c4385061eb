// A linear layer at every row with what surrounds it in a decoder that does not train, in one pass:
//   y = finish(factor * (read(x) W) + summand + residual),   read(x) = x, or hardSwish(x * gate), one gate an image and channel.
// A thread makes 8 rows x 8 columns in four 4 x 4 blocks of registers; for 4 places of the inner sum it reads 8 vec4 of x and 8 of
// W for 256 multiplications. No workgroup memory and no barrier. A workgroup of COLUMNS x 64 / COLUMNS threads makes a tile of
// 8 COLUMNS columns; the caller takes 4 for at most 32 columns, else 8. Inner length and columns are multiples of 4.
// Each sum runs in one thread in memory order: the same bits at every run.
// Dispatch: ceil(columns / tile), ceil(rows / tile): 8 x 16 = 128 groups for the paper's map (1,024 x 544) at batch 1.

import package::shared::blocks::{OFFSETS, SIDE};
import package::shared::finish::{AFFINE, finish, swish};

struct Sizes {
  rows : u32,
  // In vec4.
  columns : u32,
  inner : u32,
  // Rows of an image.
  pixels : u32,
}

@group(0) @binding(0) var<storage, read> x : array<vec4f>;
@group(0) @binding(1) var<storage, read> weight : array<vec4f>;
@group(0) @binding(2) var<storage, read> affine : array<vec4f>;
// [images, inner]
@group(0) @binding(3) var<storage, read> gate : array<vec4f>;
@group(0) @binding(4) var<storage, read> residual : array<vec4f>;
@group(0) @binding(5) var<storage, read_write> y : array<vec4f>;
@group(0) @binding(6) var<uniform> sizes : Sizes;

override COLUMNS : u32;
override GATED = false;
override RESIDUAL = false;

const THREADS = 64u;
override DOWN = THREADS / COLUMNS;

// `first` is where the row begins, `gates` where its image's gate does.
fn valueAt(first : u32, gates : u32, k : u32) -> vec4f {
  let value = x[first + k];
  if (GATED) {
    return swish(value * gate[gates + k]);
  }
  return value;
}

fn fourRows(first : vec4u, gates : vec4u, k : u32) -> mat4x4f {
  return mat4x4f(
    valueAt(first.x, gates.x, k),
    valueAt(first.y, gates.y, k),
    valueAt(first.z, gates.z, k),
    valueAt(first.w, gates.w, k),
  );
}

fn fourWeights(k : u32, column : u32) -> mat4x4f {
  let at = 4 * k * sizes.columns + column;
  return mat4x4f(
    weight[at],
    weight[at + sizes.columns],
    weight[at + 2 * sizes.columns],
    weight[at + 3 * sizes.columns],
  );
}

fn writeRow(row : u32, column : u32, sum : vec4f) {
  if (row >= sizes.rows || column >= sizes.columns) {
    return;
  }
  var value = sum;
  if (AFFINE == 1u) {
    value += affine[column];
  }
  if (AFFINE == 2u) {
    value = value * affine[column] + affine[sizes.columns + column];
  }
  let to = row * sizes.columns + column;
  if (RESIDUAL) {
    value += residual[to];
  }
  y[to] = finish(value);
}

fn writeBlock(row : u32, column : u32, sums : mat4x4f) {
  writeRow(row, column, sums[0]);
  writeRow(row + 1, column, sums[1]);
  writeRow(row + 2, column, sums[2]);
  writeRow(row + 3, column, sums[3]);
}

@compute @workgroup_size(COLUMNS, DOWN)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_id) local : vec3u) {
  let row = (group.y * DOWN + local.y) * SIDE;
  // Two vectors, COLUMNS apart: neighbouring threads read neighbouring vectors.
  let column = group.x * COLUMNS * 2 + local.x;
  if (row >= sizes.rows || column >= sizes.columns) {
    return;
  }
  let second = min(column + COLUMNS, sizes.columns - 1);
  // Rows beyond the end repeat the last one and are not written.
  let rows0 = min(row + OFFSETS, vec4u(sizes.rows - 1));
  let rows1 = min(row + 4 + OFFSETS, vec4u(sizes.rows - 1));
  let gates0 = rows0 / sizes.pixels * sizes.inner;
  let gates1 = rows1 / sizes.pixels * sizes.inner;
  let first0 = rows0 * sizes.inner;
  let first1 = rows1 * sizes.inner;
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var k = 0u; k < sizes.inner; k++) {
    let a0 = fourRows(first0, gates0, k);
    let a1 = fourRows(first1, gates1, k);
    let b0 = fourWeights(k, column);
    let b1 = fourWeights(k, second);
    c00 += b0 * a0;
    c01 += b1 * a0;
    c10 += b0 * a1;
    c11 += b1 * a1;
  }
  writeBlock(row, column, c00);
  writeBlock(row, column + COLUMNS, c01);
  writeBlock(row + 4, column, c10);
  writeBlock(row + 4, column + COLUMNS, c11);
}
