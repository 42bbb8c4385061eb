// From the partial sums of squares of all gradients (sum_of_squares.wgsl) to their global norm and the factor that brings it
// down to a maximum: norm = sqrt(sum), scale = min(1, maximum / (norm + 1e-6)), torch's clip_grad_norm_.
// One workgroup of 64 threads: each adds every 64th partial sum, then a tree of 6 steps. 60 tensors have some hundred
// partial sums. Dispatch: 1.

import package::shared::tree::{sumOfGroup, THREADS};

struct Clip {
  count : u32,
  maximum : f32,
}

@group(0) @binding(0) var<storage, read> partials : array<f32>;
@group(0) @binding(1) var<storage, read_write> norm : array<f32>;
@group(0) @binding(2) var<storage, read_write> scale : array<f32>;
@group(0) @binding(3) var<uniform> clip : Clip;

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) thread : u32) {
  var sum = 0.0;
  for (var i = thread; i < clip.count; i += THREADS) {
    sum += partials[i];
  }
  let total = sumOfGroup(sum, thread);
  if (thread == 0) {
    norm[0] = sqrt(total);
    scale[0] = min(1.0, clip.maximum / (norm[0] + 1e-6));
  }
}
