// Every channel of an NHWC map with its own 3 x 3 filter, stride 1, zeros outside: forward, and with FLIPPED filters the
// gradient with respect to the map; or with AFFINE = 2 followed by a factor and a summand a channel: batch norm that does not train.
// A thread makes 4 neighbouring pixels of one channel: it reads its filter once and 3 x 6 values for 36 multiply-adds.
// Neighbouring threads take neighbouring channels, so they read and write neighbouring floats. No workgroup memory, no
// barrier; each sum runs in one thread in a fixed order. Workgroups of 64 threads.
// Dispatch: ceil(B * H * ceil(W / 4) * C / 64), spread over x and y. Demo (8 x 16 x 16 x 64): 512 groups.

import package::shared::finish::AFFINE;
import package::shared::invocation::{elementOf, Invocation};
import package::shared::strips::{STRIP, stripsOf};

struct Sizes {
  // B * H
  rows : u32,
  height : u32,
  width : u32,
  channels : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
// [3, 3, channels]
@group(0) @binding(1) var<storage, read> filters : array<f32>;
// [2, channels], read with AFFINE = 2 alone
@group(0) @binding(2) var<storage, read> affine : array<f32>;
@group(0) @binding(3) var<storage, read_write> y : array<f32>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

override FLIPPED = false;

const THREADS = 64u;

// A value of a row, columns counted from the zero left of the map: 0 and width + 1 lie outside.
fn valueAt(row : u32, column : u32, channel : u32) -> f32 {
  if (column == 0 || column > sizes.width) {
    return 0.0;
  }
  return x[(row * sizes.width + column - 1) * sizes.channels + channel];
}

fn filterAt(tap : u32, channel : u32) -> f32 {
  return filters[select(tap, 8 - tap, FLIPPED) * sizes.channels + channel];
}

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let strips = stripsOf(sizes.width);
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.rows * strips * sizes.channels) {
    return;
  }
  let channel = index % sizes.channels;
  let first = index / sizes.channels % strips * STRIP;
  let row = index / (sizes.channels * strips);
  let inImage = row % sizes.height;

  var sums = vec4f();
  for (var ky = 0u; ky < 3; ky++) {
    if ((inImage == 0 && ky == 0) || (inImage + 1 == sizes.height && ky == 2)) {
      continue;
    }
    let source = row + ky - 1;
    let a = valueAt(source, first, channel);
    let b = valueAt(source, first + 1, channel);
    let c = valueAt(source, first + 2, channel);
    let d = valueAt(source, first + 3, channel);
    let e = valueAt(source, first + 4, channel);
    let f = valueAt(source, first + 5, channel);
    sums += filterAt(3 * ky, channel) * vec4f(a, b, c, d);
    sums += filterAt(3 * ky + 1, channel) * vec4f(b, c, d, e);
    sums += filterAt(3 * ky + 2, channel) * vec4f(c, d, e, f);
  }
  if (AFFINE == 2u) {
    sums = sums * affine[channel] + affine[sizes.channels + channel];
  }
  for (var p = 0u; p < min(STRIP, sizes.width - first); p++) {
    y[(row * sizes.width + first + p) * sizes.channels + channel] = sums[p];
  }
}
