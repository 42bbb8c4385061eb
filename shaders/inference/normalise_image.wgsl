// Instance normalisation in one pass where an image has at most some thousand pixels: y = (x - mean) / (deviation + epsilon) for each
// image and channel over its pixels, the deviation unbiased.
// A group of 8 x 32 = 256 threads takes 8 vec4 of channels (32 channels) of one image: 32 lanes walk the pixels side by side, three
// times: for the mean, for the squared deviations, and to write. The lanes' sums are added in a tree of 5 steps in workgroup memory:
// a fixed order. Channels are a multiple of 4. Dispatch: images * ceil(channels / 32), spread over x and y; 17 groups for the paper's
// 544 channels at batch 1.

import package::shared::invocation::{groupOf, Invocation};

struct Sizes {
  images : u32,
  pixels : u32,
  // In vec4.
  channels : u32,
  epsilon : f32,
}

@group(0) @binding(0) var<storage, read> x : array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y : array<vec4f>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

const COLUMNS = 8u;
const LANES = 32u;
var<workgroup> sums : array<vec4f, COLUMNS * LANES>;

fn sumOfLanes(own : vec4f, column : u32, lane : u32) -> vec4f {
  let slot = lane * COLUMNS + column;
  workgroupBarrier();
  sums[slot] = own;
  for (var half = LANES / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (lane < half) {
      sums[slot] += sums[slot + half * COLUMNS];
    }
  }
  workgroupBarrier();
  return sums[column];
}

@compute @workgroup_size(COLUMNS, LANES)
fn main(invocation : Invocation) {
  let columns = (sizes.channels + COLUMNS - 1) / COLUMNS;
  let index = groupOf(invocation);
  let column = invocation.local.x;
  let lane = invocation.local.y;
  // Groups and columns past the end repeat the last one: all threads must reach the barriers.
  let image = min(index / columns, sizes.images - 1);
  let channel = index % columns * COLUMNS + column;
  let inside = index / columns < sizes.images && channel < sizes.channels;
  let first = image * sizes.pixels * sizes.channels + min(channel, sizes.channels - 1);

  var sum = vec4f();
  for (var pixel = lane; pixel < sizes.pixels; pixel += LANES) {
    sum += x[first + pixel * sizes.channels];
  }
  let mean = sumOfLanes(sum, column, lane) / f32(sizes.pixels);
  var squares = vec4f();
  for (var pixel = lane; pixel < sizes.pixels; pixel += LANES) {
    let deviation = x[first + pixel * sizes.channels] - mean;
    squares += deviation * deviation;
  }
  let total = sumOfLanes(squares, column, lane);
  if (!inside) {
    return;
  }
  let factor = 1.0 / (sqrt(total / max(f32(sizes.pixels) - 1.0, 1.0)) + sizes.epsilon);
  for (var pixel = lane; pixel < sizes.pixels; pixel += LANES) {
    let at = first + pixel * sizes.channels;
    y[at] = factor * (x[at] - mean);
  }
}
