// How many values of each part are no finite numbers (NaN or infinite). Values are looked at as bits: a compiler may take it
// that floats are never NaN, and comparisons with NaN answer as they please. One workgroup of 256 threads a part; each thread
// looks at every 256th value, then the first thread adds up. Dispatch: parts, spread over x and y. Sizes are uniforms.

import package::shared::invocation::{groupOf, Invocation};

const THREADS = 256u;
// All exponent bits set: infinite without, NaN with a fraction.
const EXPONENT = 0x7f800000u;

struct Sizes {
  parts : u32,
  // Values per part.
  count : u32,
}

@group(0) @binding(0) var<storage, read> bits : array<u32>;
@group(0) @binding(1) var<storage, read_write> found : array<f32>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

var<workgroup> counts : array<u32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let thread = invocation.thread;
  let part = groupOf(invocation);
  var own = 0u;
  if (part < sizes.parts) {
    for (var index = thread; index < sizes.count; index += THREADS) {
      own += select(0u, 1u, (bits[part * sizes.count + index] & EXPONENT) == EXPONENT);
    }
  }
  counts[thread] = own;
  workgroupBarrier();

  if (thread > 0 || part >= sizes.parts) {
    return;
  }
  var all = own;
  for (var other = 1u; other < THREADS; other++) {
    all += counts[other];
  }
  found[part] = f32(all);
}
