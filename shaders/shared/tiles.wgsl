// Tiles of two matrices in workgroup memory and a thread's results in registers: what a matrix product does between reading and
// writing. A thread makes ROW_QUADS x COLUMN_QUADS blocks of 4 x 4 results; for each place k of the inner sum it reads ROW_QUADS +
// COLUMN_QUADS vec4 and does 16 multiply-adds a block. Its blocks lie DOWN and ACROSS quads apart, so that neighbouring
// threads read neighbouring vec4. The numbers here are one choice of many: the caller fills in others and has the
// marked loops written out (src/lib/gpu/specialise.ts), so that every index of a register is a literal.

const ROW_QUADS = 2u;
const COLUMN_QUADS = 2u;
// Threads of a workgroup one below the other, and side by side.
const DOWN = 8u;
const ACROSS = 8u;
// Length of the inner sum that a tile holds; a multiple of 4.
const DEPTH = 16u;

const THREADS = DOWN * ACROSS;
// Of a workgroup's results, in quads of rows and of columns.
const TILE_ROWS = DOWN * ROW_QUADS;
const TILE_COLUMNS = ACROSS * COLUMN_QUADS;

// Threads that read one place of the inner sum together, and quads of places.
const LANES = THREADS / DEPTH;
const DEPTH_QUADS = DEPTH / 4u;

// By place of the inner sum, four places a quad; four rows of the left matrix lie in a vec4, hence transposed. One quad
// wider than the tile: that spreads the writes over the banks.
var<workgroup> left : array<array<array<vec4f, TILE_ROWS + 1u>, 4>, DEPTH_QUADS>;
var<workgroup> right : array<array<array<vec4f, TILE_COLUMNS + 1u>, 4>, DEPTH_QUADS>;

// Keep 4 x 4 numbers that were read along the inner sum: four rows of the left matrix, or four columns of the right one.
fn keepLeftBlock(k : u32, quad : u32, rows : mat4x4f) {
  let places = transpose(rows);
  left[k][0][quad] = places[0];
  left[k][1][quad] = places[1];
  left[k][2][quad] = places[2];
  left[k][3][quad] = places[3];
}

fn keepRightBlock(k : u32, quad : u32, columns : mat4x4f) {
  let places = transpose(columns);
  right[k][0][quad] = places[0];
  right[k][1][quad] = places[1];
  right[k][2][quad] = places[2];
  right[k][3][quad] = places[3];
}

// Four rows of a block after each other, blocks row by row.
var<private> sums : array<vec4f, 4u * ROW_QUADS * COLUMN_QUADS>;

// Adds the product of the two tiles.
fn multiplyTiles(down : u32, across : u32) {
  // unroll
  for (var k = 0u; k < DEPTH; k++) {
    var a : array<vec4f, ROW_QUADS>;
    var b : array<vec4f, COLUMN_QUADS>;
    // unroll
    for (var i = 0u; i < ROW_QUADS; i++) {
      a[i] = left[k / 4u][k % 4u][down + i * DOWN];
    }
    // unroll
    for (var j = 0u; j < COLUMN_QUADS; j++) {
      b[j] = right[k / 4u][k % 4u][across + j * ACROSS];
    }
    // unroll
    for (var i = 0u; i < ROW_QUADS; i++) {
      // unroll
      for (var j = 0u; j < COLUMN_QUADS; j++) {
        sums[4u * (i * COLUMN_QUADS + j)] = fma(vec4f(a[i].x), b[j], sums[4u * (i * COLUMN_QUADS + j)]);
        sums[4u * (i * COLUMN_QUADS + j) + 1u] = fma(vec4f(a[i].y), b[j], sums[4u * (i * COLUMN_QUADS + j) + 1u]);
        sums[4u * (i * COLUMN_QUADS + j) + 2u] = fma(vec4f(a[i].z), b[j], sums[4u * (i * COLUMN_QUADS + j) + 2u]);
        sums[4u * (i * COLUMN_QUADS + j) + 3u] = fma(vec4f(a[i].w), b[j], sums[4u * (i * COLUMN_QUADS + j) + 3u]);
      }
    }
  }
}

// Adds the squared differences between the left tile's rows and the right tile's columns.
fn addSquares(down : u32, across : u32) {
  // unroll
  for (var k = 0u; k < DEPTH; k++) {
    var a : array<vec4f, ROW_QUADS>;
    var b : array<vec4f, COLUMN_QUADS>;
    // unroll
    for (var i = 0u; i < ROW_QUADS; i++) {
      a[i] = left[k / 4u][k % 4u][down + i * DOWN];
    }
    // unroll
    for (var j = 0u; j < COLUMN_QUADS; j++) {
      b[j] = right[k / 4u][k % 4u][across + j * ACROSS];
    }
    // unroll
    for (var i = 0u; i < ROW_QUADS; i++) {
      // unroll
      for (var j = 0u; j < COLUMN_QUADS; j++) {
        sums[4u * (i * COLUMN_QUADS + j)] = withSquare(a[i].x - b[j], sums[4u * (i * COLUMN_QUADS + j)]);
        sums[4u * (i * COLUMN_QUADS + j) + 1u] = withSquare(a[i].y - b[j], sums[4u * (i * COLUMN_QUADS + j) + 1u]);
        sums[4u * (i * COLUMN_QUADS + j) + 2u] = withSquare(a[i].z - b[j], sums[4u * (i * COLUMN_QUADS + j) + 2u]);
        sums[4u * (i * COLUMN_QUADS + j) + 3u] = withSquare(a[i].w - b[j], sums[4u * (i * COLUMN_QUADS + j) + 3u]);
      }
    }
  }
}

fn withSquare(difference : vec4f, sum : vec4f) -> vec4f {
  return fma(difference, difference, sum);
}
