// Normal noise: y[i] = deviation * n(i, seed), n of mean 0 and variance 1, a function of the element's place and two seed words
// alone. Two rounds of the PCG hash (Jarzynski and Olano: "Hash Functions for GPU Rendering", JCGT 2020) make a word of
// each place, a third one a second word; Box and Muller's transform makes a normal value of the two.
// Workgroups of 64 threads take stretches of 512 elements, 8 a thread, neighbouring threads at neighbouring addresses.
// Dispatch: ceil(count / 512), spread over x and y. No thread reads what another wrote: the same bits at every run.

struct Sizes {
  count : u32,
  first_seed : u32,
  second_seed : u32,
  deviation : f32,
}

@group(0) @binding(0) var<storage, read_write> y : array<f32>;
@group(0) @binding(1) var<uniform> sizes : Sizes;

const THREADS = 64u;
const STRETCH = 512u;
const TURN = 6.283185307179586;
// 2^-32
const UNIT = 2.3283064365386963e-10;

fn pcg(word : u32) -> u32 {
  let state = word * 747796405u + 2891336453u;
  let mixed = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (mixed >> 22u) ^ mixed;
}

fn normal(index : u32) -> f32 {
  let first = pcg(pcg(index ^ sizes.first_seed) + sizes.second_seed);
  let second = pcg(first ^ sizes.second_seed);
  let radius = sqrt(-2.0 * log((f32(first) + 1.0) * UNIT));
  return radius * cos(TURN * (f32(second) * UNIT));
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) id : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let first = (id.y * groups.x + id.x) * STRETCH;
  for (var i = first + thread; i < min(first + STRETCH, sizes.count); i += THREADS) {
    y[i] = sizes.deviation * normal(i);
  }
}
