// How many values of an image's input and of up to three of its maps are no finite numbers (NaN or infinite). Values are
// looked at as bits: a compiler may take it that floats are never NaN, and comparisons with NaN answer as they please.
// GROUPS workgroups of 256 threads an image, which share the image's values: each thread looks at every (GROUPS * 256)th, then
// the first thread of each group adds up. Every group writes a count of its own, and whoever reads them adds those up: no atomics,
// nothing zeroed before. Dispatch: images * GROUPS, spread over x and y. Sizes are uniforms; those of a missing map are 0.

import package::shared::invocation::{groupOf, Invocation};

const THREADS = 256u;
// All exponent bits set: infinite without, NaN with a fraction.
const EXPONENT = 0x7f800000u;

const GROUPS = 16u;

struct Sizes {
  images : u32,
  // Values per image.
  input : u32,
  first : u32,
  second : u32,
  third : u32,
}

@group(0) @binding(0) var<storage, read> input : array<u32>;
@group(0) @binding(1) var<storage, read> first : array<u32>;
@group(0) @binding(2) var<storage, read> second : array<u32>;
@group(0) @binding(3) var<storage, read> third : array<u32>;
// Per image the counts of its groups in the input, then those in its maps.
@group(0) @binding(4) var<storage, read_write> found : array<f32>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

var<workgroup> counts : array<vec2u, THREADS>;

fn is_odd(bits : u32) -> u32 {
  return select(0u, 1u, (bits & EXPONENT) == EXPONENT);
}

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let thread = invocation.thread;
  let number = groupOf(invocation);
  let image = number / GROUPS;
  let group = number % GROUPS;
  let start = group * THREADS + thread;
  let stride = GROUPS * THREADS;
  var own = vec2u();
  if (image < sizes.images) {
    for (var index = start; index < sizes.input; index += stride) {
      own.x += is_odd(input[image * sizes.input + index]);
    }
    for (var index = start; index < sizes.first; index += stride) {
      own.y += is_odd(first[image * sizes.first + index]);
    }
    for (var index = start; index < sizes.second; index += stride) {
      own.y += is_odd(second[image * sizes.second + index]);
    }
    for (var index = start; index < sizes.third; index += stride) {
      own.y += is_odd(third[image * sizes.third + index]);
    }
  }
  counts[thread] = own;
  workgroupBarrier();

  if (thread > 0 || image >= sizes.images) {
    return;
  }
  var all = own;
  for (var other = 1u; other < THREADS; other++) {
    all += counts[other];
  }
  found[image * 2 * GROUPS + group] = f32(all.x);
  found[image * 2 * GROUPS + GROUPS + group] = f32(all.y);
}
