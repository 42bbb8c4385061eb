// Partial sums over pairs of elements, factor * a * b or, DIFFERENCE, factor * (a - b)^2: inner products and squared errors
// without writing their terms to memory. LANES threads each add every LANES-th pair, neighbouring threads at neighbouring
// addresses, and leave one number each; sum_slices.wgsl adds those in order: the same bits at every run. With LANES near the
// root of the count both halves add about as much: 256 lanes of 256 for the demo's 65,536 elements, 2,048 of 2,176 for
// the paper's 4.5 million. Workgroups of 64; dispatch: ceil(LANES / 64).

struct Sizes {
  count : u32,
  lanes : u32,
  factor : f32,
}

@group(0) @binding(0) var<storage, read> a : array<f32>;
@group(0) @binding(1) var<storage, read> b : array<f32>;
// [LANES]
@group(0) @binding(2) var<storage, read_write> partials : array<f32>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

override DIFFERENCE : bool;

const THREADS = 64u;

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id : vec3u) {
  let lane = id.x;
  if (lane >= sizes.lanes) {
    return;
  }
  var sum = 0.0;
  for (var i = lane; i < sizes.count; i += sizes.lanes) {
    let difference = a[i] - b[i];
    sum += select(a[i] * b[i], difference * difference, DIFFERENCE);
  }
  partials[lane] = sizes.factor * sum;
}
