// Normal noise: y[i] = deviation * n(i, seed), n of mean 0 and variance 1, a function of the element's place and two seed words
// alone. Two rounds of the PCG hash (Jarzynski and Olano: "Hash Functions for GPU Rendering", JCGT 2020) make a word of
// each place, a third one a second word; Box and Muller's transform makes a normal value of the two.
// Workgroups of 64 threads take stretches of 512 elements, 8 a thread, neighbouring threads at neighbouring addresses.
// Dispatch: ceil(count / 512), spread over x and y. No thread reads what another wrote: the same bits at every run.

import package::shared::hash::{normalOf, pcg, UNIT};
import package::shared::invocation::{groupOf, Invocation};

struct Sizes {
  count : u32,
  firstSeed : u32,
  secondSeed : u32,
  deviation : f32,
}

@group(0) @binding(0) var<storage, read_write> y : array<f32>;
@group(0) @binding(1) var<uniform> sizes : Sizes;

const THREADS = 64u;
const STRETCH = 512u;

fn normal(index : u32) -> f32 {
  let first = pcg(pcg(index ^ sizes.firstSeed) + sizes.secondSeed);
  let second = pcg(first ^ sizes.secondSeed);
  return normalOf((f32(first) + 1.0) * UNIT, second);
}

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let thread = invocation.thread;
  let first = groupOf(invocation) * STRETCH;
  for (var i = first + thread; i < min(first + STRETCH, sizes.count); i += THREADS) {
    y[i] = sizes.deviation * normal(i);
  }
}
