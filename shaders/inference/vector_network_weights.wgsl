// Gradients of the weights and biases of vector_network.wgsl, from what vector_network_gradient.wgsl left: sums over the images, in
// order. One thread a number: first those of the first weight, then of the second, then both biases. 64 threads a group.
// Dispatch: ceil(numbers / 64), spread over x and y; squeeze-and-excite of 608 channels has 184,832 numbers, 2,888 groups.

import package::shared::invocation::{elementOf, Invocation};

struct Sizes {
  images : u32,
  inputs : u32,
  hidden : u32,
  outputs : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
@group(0) @binding(1) var<storage, read> between : array<f32>;
@group(0) @binding(2) var<storage, read> firstSlopes : array<f32>;
@group(0) @binding(3) var<storage, read> secondSlopes : array<f32>;
@group(0) @binding(4) var<storage, read_write> firstWeight : array<f32>;
@group(0) @binding(5) var<storage, read_write> secondWeight : array<f32>;
@group(0) @binding(6) var<storage, read_write> firstBias : array<f32>;
@group(0) @binding(7) var<storage, read_write> secondBias : array<f32>;
@group(0) @binding(8) var<uniform> sizes : Sizes;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  var at = elementOf(invocation, THREADS);
  var sum = 0.0;
  if (at < sizes.inputs * sizes.hidden) {
    for (var i = 0u; i < sizes.images; i++) {
      sum += x[i * sizes.inputs + at / sizes.hidden] * firstSlopes[i * sizes.hidden + at % sizes.hidden];
    }
    firstWeight[at] = sum;
    return;
  }
  at -= sizes.inputs * sizes.hidden;
  if (at < sizes.hidden * sizes.outputs) {
    for (var i = 0u; i < sizes.images; i++) {
      sum += between[i * sizes.hidden + at / sizes.outputs] * secondSlopes[i * sizes.outputs + at % sizes.outputs];
    }
    secondWeight[at] = sum;
    return;
  }
  at -= sizes.hidden * sizes.outputs;
  if (at < sizes.hidden) {
    for (var i = 0u; i < sizes.images; i++) {
      sum += firstSlopes[i * sizes.hidden + at];
    }
    firstBias[at] = sum;
    return;
  }
  at -= sizes.hidden;
  if (at < sizes.outputs) {
    for (var i = 0u; i < sizes.images; i++) {
      sum += secondSlopes[i * sizes.outputs + at];
    }
    secondBias[at] = sum;
  }
}
