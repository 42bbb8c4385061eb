// Dense convolution with everything that usually follows it, in one pass over NHWC maps:
// y = activation(factor * convolution(x * gate, filter) + bias + residual).
// A thread makes 4 neighbouring pixels of a row times 4 output channels: 16 sums in registers. For each offset of the
// kernel and each 4 input channels it reads 4 pixels and 4 filter rows (8 vec4) and does 64 multiply-adds, as one
// product of 4 x 4 matrices. There is no workgroup memory and no barrier: neighbouring threads share channels of the
// same pixels, so filter reads and writes are contiguous and pixel reads are shared in the cache.
// 64 threads a group; groups: ceil(B * outHeight * ceil(outWidth / 4) * outputs / 4 / 64), spread over x and y.
// Every sum runs in memory order in one thread: the same bits at every run. All channel counts are multiples of 4.
// Sizes are uniforms, so a network of many shapes needs few pipelines.

import package::shared::activation::activate;
import package::shared::invocation::{elementOf, Invocation};
import package::shared::strips::{columnsFrom, STRIP, stripOf, stripsOf};

// Whether gate [B, C] scales the input's channels, and whether residual (shaped as y) is added.
override GATED = false;
override RESIDUAL = false;
// Whether there are factors: then bias is [2, outputs], factors first.
override SCALED = false;

const THREADS = 64u;

struct Sizes {
  batch : u32,
  height : u32,
  width : u32,
  // Of the input, in vec4.
  channels : u32,
  outHeight : u32,
  outWidth : u32,
  // Of the output, in vec4.
  outputs : u32,
  kernel : u32,
  stride : u32,
  top : i32,
  left : i32,
}

@group(0) @binding(0) var<storage, read> x : array<vec4f>;
// [kernel, kernel, channels, outputs]
@group(0) @binding(1) var<storage, read> filters : array<vec4f>;
@group(0) @binding(2) var<storage, read> bias : array<vec4f>;
@group(0) @binding(3) var<storage, read> gate : array<vec4f>;
@group(0) @binding(4) var<storage, read> residual : array<vec4f>;
@group(0) @binding(5) var<storage, read_write> y : array<vec4f>;
@group(0) @binding(6) var<uniform> sizes : Sizes;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.batch * sizes.outHeight * stripsOf(sizes.outWidth) * sizes.outputs) {
    return;
  }
  let strip = stripOf(index, sizes.outputs, sizes.outHeight, sizes.outWidth);

  // Column p of every matrix here is pixel p of the strip.
  var sums = mat4x4f();
  for (var ky = 0u; ky < sizes.kernel; ky++) {
    let inY = i32(strip.y * sizes.stride + ky) - sizes.top;
    if (inY < 0 || inY >= i32(sizes.height)) {
      continue;
    }
    let row = (strip.image * sizes.height + u32(inY)) * sizes.width;
    for (var kx = 0u; kx < sizes.kernel; kx++) {
      let columns = columnsFrom(i32(strip.firstX * sizes.stride + kx) - sizes.left, sizes.stride, sizes.width);
      let inside = columns.inside;
      let at = (row + columns.x) * sizes.channels;
      var f = (ky * sizes.kernel + kx) * sizes.channels * 4u * sizes.outputs + strip.channel;
      for (var c = 0u; c < sizes.channels; c++) {
        var pixels = mat4x4f(
          x[at.x + c] * inside.x,
          x[at.y + c] * inside.y,
          x[at.z + c] * inside.z,
          x[at.w + c] * inside.w,
        );
        if (GATED) {
          let scale = gate[strip.image * sizes.channels + c];
          pixels = mat4x4f(pixels[0] * scale, pixels[1] * scale, pixels[2] * scale, pixels[3] * scale);
        }
        let rows = mat4x4f(
          filters[f],
          filters[f + sizes.outputs],
          filters[f + 2u * sizes.outputs],
          filters[f + 3u * sizes.outputs],
        );
        sums += rows * pixels;
        f += 4u * sizes.outputs;
      }
    }
  }

  let count = min(STRIP, sizes.outWidth - strip.firstX);
  let first = ((strip.image * sizes.outHeight + strip.y) * sizes.outWidth + strip.firstX) * sizes.outputs + strip.channel;
  for (var p = 0u; p < count; p++) {
    let to = first + p * sizes.outputs;
    var value = sums[p];
    if (SCALED) {
      value = value * bias[strip.channel] + bias[sizes.outputs + strip.channel];
    } else {
      value += bias[strip.channel];
    }
    if (RESIDUAL) {
      value += residual[to];
    }
    y[to] = activate(value);
  }
}
