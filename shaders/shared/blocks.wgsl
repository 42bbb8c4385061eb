// A thread's 8 x 8 results in four 4 x 4 blocks of registers. Column i of a block is its row i of results.

const SIDE = 8u;
const OFFSETS = vec4u(0, 1, 2, 3);

// Row by row: upper left, upper right, lower left, lower right. A loop over them keeps the code, and its compilation, short.
fn rowsOfBlocks(b00 : mat4x4f, b01 : mat4x4f, b10 : mat4x4f, b11 : mat4x4f) -> array<vec4f, 16> {
  return array<vec4f, 16>(
    b00[0], b01[0], b00[1], b01[1], b00[2], b01[2], b00[3], b01[3],
    b10[0], b11[0], b10[1], b11[1], b10[2], b11[2], b10[3], b11[3],
  );
}
