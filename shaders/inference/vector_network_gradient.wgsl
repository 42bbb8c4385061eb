// Backward pass of vector_network.wgsl along one image: from dy to the gradients before both activations and to that of x.
// One workgroup of 256 threads an image, three times each making every 256th number of a vector; the two vectors in between lie in
// workgroup memory (16 KiB, at most 3,072 and 1,024 numbers). Each sum runs in one thread in memory order. Dispatch: images, 16
// for the paper's batch.

import package::shared::vectors::{FIRST, MAX_HIDDEN, SECOND, vectorSlope};

struct Sizes {
  inputs : u32,
  hidden : u32,
  outputs : u32,
}

@group(0) @binding(0) var<storage, read> dy : array<f32>;
@group(0) @binding(1) var<storage, read> y : array<f32>;
@group(0) @binding(2) var<storage, read> between : array<f32>;
// [inputs, hidden] and [hidden, outputs]
@group(0) @binding(3) var<storage, read> firstWeight : array<f32>;
@group(0) @binding(4) var<storage, read> secondWeight : array<f32>;
@group(0) @binding(5) var<storage, read_write> dx : array<f32>;
// Gradients before the first and the second activation.
@group(0) @binding(6) var<storage, read_write> firstSlopes : array<f32>;
@group(0) @binding(7) var<storage, read_write> secondSlopes : array<f32>;
@group(0) @binding(8) var<uniform> sizes : Sizes;

const THREADS = 256u;
const MAX_OUTPUTS = 3072u;
var<workgroup> outside : array<f32, MAX_OUTPUTS>;
var<workgroup> inside : array<f32, MAX_HIDDEN>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) thread : u32) {
  let image = group.x;
  for (var q = thread; q < sizes.outputs; q += THREADS) {
    let at = image * sizes.outputs + q;
    let slope = dy[at] * vectorSlope(y[at], SECOND);
    outside[q] = slope;
    secondSlopes[at] = slope;
  }
  workgroupBarrier();
  for (var h = thread; h < sizes.hidden; h += THREADS) {
    var sum = 0.0;
    for (var q = 0u; q < sizes.outputs; q++) {
      sum += outside[q] * secondWeight[h * sizes.outputs + q];
    }
    let at = image * sizes.hidden + h;
    let slope = sum * vectorSlope(between[at], FIRST);
    inside[h] = slope;
    firstSlopes[at] = slope;
  }
  workgroupBarrier();
  for (var p = thread; p < sizes.inputs; p += THREADS) {
    var sum = 0.0;
    for (var h = 0u; h < sizes.hidden; h++) {
      sum += inside[h] * firstWeight[p * sizes.hidden + h];
    }
    dx[image * sizes.inputs + p] = sum;
  }
}
