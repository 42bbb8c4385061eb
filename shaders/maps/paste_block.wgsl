// Feature Block Paste: pasted = phi + blur(intensity * mask) * direction. Feature maps are NHWC.
// 64 threads take 8 pixels, 8 lanes each. First, 8 threads blur one mask pixel each: nine reads once per pixel, not
// once per channel. After the barrier a lane writes every 8th channel of its pixel: neighbouring lanes touch
// neighbouring floats, 32 bytes at a time. Dispatch: ceil(B * H * W / 8), spread over x and y.
// Sizes are uniforms: one pipeline serves every map.

import package::shared::invocation::{groupOf, Invocation};

// The Gaussian's two weights along one axis.
override SIDE : f32;
override CENTRE : f32;

const LANES = 8u;
const PIXELS = 8u;

struct Sizes {
  height : u32,
  width : u32,
  channels : u32,
  // B * H * W.
  pixels : u32,
  // 1: one factor for all; B * C: one per image and channel.
  directions : u32,
}

@group(0) @binding(0) var<storage, read> phi : array<f32>;
@group(0) @binding(1) var<storage, read> mask : array<f32>;
@group(0) @binding(2) var<storage, read> intensity : array<f32>;
@group(0) @binding(3) var<storage, read> direction : array<f32>;
@group(0) @binding(4) var<storage, read_write> pasted : array<f32>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

var<workgroup> blurred : array<f32, PIXELS>;

// Mirrors an index one step beyond the edge without repeating the edge itself (PyTorch's "reflect").
fn reflect(index : i32, size : u32) -> u32 {
  let last = i32(size) - 1;
  return u32(clamp(select(abs(index), 2 * last - index, index > last), 0, last));
}

fn maskRow(image : u32, y : i32, x : i32) -> f32 {
  let row = (image * sizes.height + reflect(y, sizes.height)) * sizes.width;
  let sides = mask[row + reflect(x - 1, sizes.width)] + mask[row + reflect(x + 1, sizes.width)];
  return SIDE * sides + CENTRE * mask[row + u32(x)];
}

fn blurAt(pixel : u32) -> f32 {
  let image = pixel / (sizes.height * sizes.width);
  let y = i32(pixel / sizes.width % sizes.height);
  let x = i32(pixel % sizes.width);
  let sides = maskRow(image, y - 1, x) + maskRow(image, y + 1, x);
  return intensity[image] * (SIDE * sides + CENTRE * maskRow(image, y, x));
}

@compute @workgroup_size(LANES, PIXELS)
fn main(invocation : Invocation) {
  let local = invocation.local;
  let thread = invocation.thread;
  let first = groupOf(invocation) * PIXELS;
  if (thread < PIXELS && first + thread < sizes.pixels) {
    blurred[thread] = blurAt(first + thread);
  }
  workgroupBarrier();

  let pixel = first + local.y;
  if (pixel >= sizes.pixels) {
    return;
  }
  let image = pixel / (sizes.height * sizes.width);
  // One factor for all is read again and again from index 0.
  let stride = select(1u, 0u, sizes.directions == 1u);
  for (var channel = local.x; channel < sizes.channels; channel += LANES) {
    let towards = direction[stride * (image * sizes.channels + channel)];
    let index = pixel * sizes.channels + channel;
    pasted[index] = phi[index] + blurred[local.y] * towards;
  }
}
