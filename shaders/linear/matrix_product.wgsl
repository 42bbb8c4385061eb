// A matrix product C = A B (+ bias) for matrices stored in any direction: element (i, k) of A lies at i * aRow + k * aColumn,
// and B likewise, so the same shader makes x W, dy W^T and x^T dy. Strides of 0 repeat one number: a row of ones times dy sums
// its columns.
// A thread makes 8 x 8 elements in four 4 x 4 blocks of registers: 16 reads for 64 multiplications. A workgroup of COLUMNS x
// 64 / COLUMNS threads makes a tile of 8 COLUMNS columns; the caller has COLUMNS = 1 for at most 8 columns, 4 for 32, else 8 (three
// pipelines). A thread's rows follow each other, its columns lie COLUMNS apart, so neighbouring threads read neighbouring
// floats of B. No workgroup memory and no barriers: on adapters that compute on the CPU that is several times faster than tiles
// in workgroup memory (2,048 x 64 x 64 in 12 ms against 127 for tfjs on a SwiftShader core), and a GPU's cache serves the
// repeated reads.
// Long inner sums are cut into slices that sum_slices.wgsl adds in order: a fixed order, the same bits at every run, where tfjs
// adds with atomics. Dispatch: ceil(columns / tile), ceil(rows / tile), slices.

import package::shared::blocks::{OFFSETS, rowsOfBlocks, SIDE};

struct Sizes {
  rows : u32,
  columns : u32,
  inner : u32,
  // Length of a slice of the inner sum.
  slice : u32,
  aRow : u32,
  aColumn : u32,
  bRow : u32,
  bColumn : u32,
  // 1: `bias` is added to every row.
  biased : u32,
}

@group(0) @binding(0) var<storage, read> a : array<f32>;
@group(0) @binding(1) var<storage, read> b : array<f32>;
// [columns]
@group(0) @binding(2) var<storage, read> bias : array<f32>;
// [slices, rows, columns]
@group(0) @binding(3) var<storage, read_write> c : array<f32>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

override COLUMNS : u32;

const THREADS = 64u;
// Threads of a workgroup one below the other.
override DOWN = THREADS / COLUMNS;

// Column i of the result is row i of the block: a[i] * b.
fn outer(a : vec4f, b : vec4f) -> mat4x4f {
  return mat4x4f(a.x * b, a.y * b, a.z * b, a.w * b);
}

fn gatherA(at : vec4u) -> vec4f {
  return vec4f(a[at.x], a[at.y], a[at.z], a[at.w]);
}

fn gatherBias(at : vec4u) -> vec4f {
  let last = sizes.columns - 1;
  return vec4f(bias[min(at.x, last)], bias[min(at.y, last)], bias[min(at.z, last)], bias[min(at.w, last)]);
}

fn gatherB(at : vec4u) -> vec4f {
  return vec4f(b[at.x], b[at.y], b[at.z], b[at.w]);
}

@compute @workgroup_size(COLUMNS, DOWN)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_id) local : vec3u) {
  let firstRow = (group.y * DOWN + local.y) * SIDE;
  let firstColumn = group.x * COLUMNS * SIDE + local.x;
  if (firstRow >= sizes.rows || firstColumn >= sizes.columns) {
    return;
  }
  let rows0 = firstRow + OFFSETS;
  let rows1 = rows0 + 4;
  let columns0 = firstColumn + OFFSETS * COLUMNS;
  let columns1 = columns0 + 4 * COLUMNS;
  // Rows and columns beyond the end repeat the last one and are not written.
  let a0 = min(rows0, vec4u(sizes.rows - 1)) * sizes.aRow;
  let a1 = min(rows1, vec4u(sizes.rows - 1)) * sizes.aRow;
  let b0 = min(columns0, vec4u(sizes.columns - 1)) * sizes.bColumn;
  let b1 = min(columns1, vec4u(sizes.columns - 1)) * sizes.bColumn;

  var start0 = vec4f();
  var start1 = vec4f();
  if (sizes.biased == 1) {
    start0 = gatherBias(columns0);
    start1 = gatherBias(columns1);
  }
  var c00 = mat4x4f(start0, start0, start0, start0);
  var c01 = mat4x4f(start1, start1, start1, start1);
  var c10 = c00;
  var c11 = c01;
  let end = min((group.z + 1) * sizes.slice, sizes.inner);
  for (var k = group.z * sizes.slice; k < end; k++) {
    let left0 = gatherA(a0 + k * sizes.aColumn);
    let left1 = gatherA(a1 + k * sizes.aColumn);
    let right0 = gatherB(b0 + k * sizes.bRow);
    let right1 = gatherB(b1 + k * sizes.bRow);
    c00 += outer(left0, right0);
    c01 += outer(left0, right1);
    c10 += outer(left1, right0);
    c11 += outer(left1, right1);
  }
  var quarters = rowsOfBlocks(c00, c01, c10, c11);
  for (var i = 0u; i < SIDE * SIDE; i++) {
    let row = firstRow + i / SIDE;
    let column = firstColumn + i % SIDE * COLUMNS;
    if (row < sizes.rows && column < sizes.columns) {
      c[(group.z * sizes.rows + row) * sizes.columns + column] = quarters[i / 4][i % 4];
    }
  }
}
