// How the frozen convolutions cut NHWC maps: a thread makes a strip of 4 neighbouring pixels of an output row.

const STRIP = 4u;

struct Strip {
  // In vec4.
  channel : u32,
  firstX : u32,
  y : u32,
  image : u32,
}

fn stripsOf(width : u32) -> u32 {
  return (width + STRIP - 1u) / STRIP;
}

// Channels are numbered first, then strips of a row, rows and images.
fn stripOf(index : u32, channels : u32, height : u32, width : u32) -> Strip {
  let strips = stripsOf(width);
  let strip = index / channels;
  return Strip(index % channels, strip % strips * STRIP, strip / strips % height, strip / (strips * height));
}

struct Columns {
  x : vec4u,
  // 1, and 0 outside the map, where the first column is read and counts nothing.
  inside : vec4f,
}

// The input columns under one position of the kernel, for the strip's 4 pixels.
fn columnsFrom(first : i32, stride : u32, width : u32) -> Columns {
  let x = first + vec4i(0, 1, 2, 3) * i32(stride);
  let beside = (x < vec4i(0)) | (x >= vec4i(i32(width)));
  return Columns(vec4u(select(x, vec4i(0), beside)), select(vec4f(1.0), vec4f(0.0), beside));
}
