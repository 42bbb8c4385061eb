// Points on a square table of cells, as torch's grid_sample places them with align_corners = false.

// From (x, y) in [-1, 1] to cells: (0, 0) is the centre of the first one.
fn cellPosition(xy : vec2f, side : u32) -> vec2f {
  return ((xy + 1.0) * f32(side) - 1.0) / 2.0;
}

// The same; far outside, every value means the same, and the integers made of it stay small.
fn nearPosition(xy : vec2f, side : u32) -> vec2f {
  return clamp(cellPosition(xy, side), vec2f(-2.0), vec2f(f32(side) + 1.0));
}

struct Cells {
  // Which cell, row by row; a cell outside the table is the first one.
  index : vec4u,
  inside : vec4<bool>,
}

// The four cells around a point: upper left, which is `corner`, upper right, lower left, lower right.
fn cellsAround(corner : vec2i, side : u32) -> Cells {
  let x = corner.x + vec4i(0, 1, 0, 1);
  let y = corner.y + vec4i(0, 0, 1, 1);
  let end = i32(side);
  let inside = (x >= vec4i(0)) & (x < vec4i(end)) & (y >= vec4i(0)) & (y < vec4i(end));
  return Cells(vec4u(select(vec4i(), y * end + x, inside)), inside);
}
