// The gate of squeeze-and-excite: gate = sigmoid(expand * silu(reduce * means + reduceBias) + expandBias).
// One group of 256 threads an image. Squeeze: 8 lanes sum one of the `reduced` values, 32 values at a time; a lane walks
// every 8th channel (reads are contiguous over lanes), and the first lane adds the 8 sums in order. Excite: each thread
// makes every 256th channel from the at most 256 squeezed values in workgroup memory. Groups: B, spread over x and y.
// All orders are fixed: the same bits at every run. Sizes are uniforms: one pipeline serves every block.

import package::shared::invocation::{groupOf, Invocation};

const THREADS = 256u;
const LANES = 8u;
// Squeezed values at a time, and at most: as in src/lib/kernels/convolution/squeezeExcite.ts.
const ROWS = THREADS / LANES;
const MAX_REDUCED = 256u;

struct Sizes {
  batch : u32,
  channels : u32,
  reduced : u32,
}

@group(0) @binding(0) var<storage, read> means : array<f32>;
// [reduced, channels], both.
@group(0) @binding(1) var<storage, read> reduce : array<f32>;
@group(0) @binding(2) var<storage, read> expand : array<f32>;
@group(0) @binding(3) var<storage, read> reduceBias : array<f32>;
@group(0) @binding(4) var<storage, read> expandBias : array<f32>;
@group(0) @binding(5) var<storage, read_write> gate : array<f32>;
@group(0) @binding(6) var<uniform> sizes : Sizes;

var<workgroup> partial : array<f32, THREADS>;
var<workgroup> squeezed : array<f32, MAX_REDUCED>;

fn sigmoid(value : f32) -> f32 {
  // Held below overflow, where the result is zero anyway.
  return 1.0 / (1.0 + exp(min(-value, 80.0)));
}

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let thread = invocation.thread;
  // Groups past the last image repeat it: all threads must reach the barriers.
  let image = min(groupOf(invocation), sizes.batch - 1u);
  let lane = thread % LANES;
  for (var first = 0u; first < sizes.reduced; first += ROWS) {
    let row = first + thread / LANES;
    var sum = 0.0;
    if (row < sizes.reduced) {
      for (var c = lane; c < sizes.channels; c += LANES) {
        sum += reduce[row * sizes.channels + c] * means[image * sizes.channels + c];
      }
    }
    partial[thread] = sum;
    workgroupBarrier();
    if (lane == 0u && row < sizes.reduced) {
      var value = reduceBias[row];
      for (var l = 0u; l < LANES; l++) {
        value += partial[thread + l];
      }
      squeezed[row] = value * sigmoid(value);
    }
    workgroupBarrier();
  }
  for (var c = thread; c < sizes.channels; c += THREADS) {
    var value = expandBias[c];
    for (var row = 0u; row < sizes.reduced; row++) {
      value += expand[row * sizes.channels + c] * squeezed[row];
    }
    gate[image * sizes.channels + c] = sigmoid(value);
  }
}
