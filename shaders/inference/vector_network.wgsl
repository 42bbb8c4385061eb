// Two small linear layers in a row on one vector an image: y = second(first(x W1 + b1) W2 + b2). The gate of squeeze-and-excite and
// the global coordinates are such. Keeps the vector in between, which the backward pass needs.
// One workgroup of 256 threads an image: each makes every 256th number of the vector in between, which lies in workgroup memory
// (at most 1,024), then, after one barrier, every 256th result. Neighbouring threads read neighbouring weights.
// Each sum runs in one thread in memory order: the same bits at every run. Dispatch: images; 16 for the paper's batch.

import package::shared::vectors::{activateVector, FIRST, MAX_HIDDEN, SECOND};

struct Sizes {
  inputs : u32,
  hidden : u32,
  outputs : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
// [inputs, hidden]
@group(0) @binding(1) var<storage, read> firstWeight : array<f32>;
@group(0) @binding(2) var<storage, read> firstBias : array<f32>;
// [hidden, outputs]
@group(0) @binding(3) var<storage, read> secondWeight : array<f32>;
@group(0) @binding(4) var<storage, read> secondBias : array<f32>;
@group(0) @binding(5) var<storage, read_write> y : array<f32>;
@group(0) @binding(6) var<storage, read_write> between : array<f32>;
@group(0) @binding(7) var<uniform> sizes : Sizes;

// Without biases something else is bound in their place.
override BIASED : bool;

const THREADS = 256u;
var<workgroup> inside : array<f32, MAX_HIDDEN>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) thread : u32) {
  let image = group.x;
  for (var h = thread; h < sizes.hidden; h += THREADS) {
    var sum = 0.0;
    if (BIASED) {
      sum = firstBias[h];
    }
    for (var p = 0u; p < sizes.inputs; p++) {
      sum += x[image * sizes.inputs + p] * firstWeight[p * sizes.hidden + h];
    }
    let value = activateVector(sum, FIRST);
    inside[h] = value;
    between[image * sizes.hidden + h] = value;
  }
  workgroupBarrier();
  for (var q = thread; q < sizes.outputs; q += THREADS) {
    var sum = 0.0;
    if (BIASED) {
      sum = secondBias[q];
    }
    for (var h = 0u; h < sizes.hidden; h++) {
      sum += inside[h] * secondWeight[h * sizes.outputs + q];
    }
    y[image * sizes.outputs + q] = activateVector(sum, SECOND);
  }
}
