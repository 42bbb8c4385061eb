// UniAD's feature jitter: every token gets Gaussian noise in proportion to its own length,
// y = x + strength * |x| / channels * n with n standard normal (Box-Muller on two hashes of seed and position).
// One token a thread; its length is summed in memory order. 64 threads a group; groups: ceil(tokens / 64), spread over x and
// y. Sine and cosine may err by 1e-4 on some adapters: for noise that does not matter.

struct Sizes {
  tokens : u32,
  channels : u32,
  strength : f32,
  seed : u32,
}

@group(0) @binding(0) var<storage, read> x : array<f32>;
@group(0) @binding(1) var<storage, read_write> y : array<f32>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

const THREADS = 64u;
const TWO_32 = 4294967296.0;
const FULL_TURN = 6.283185307179586;

// As in src/lib/kernels/noise/hashRandom.ts.
fn hash(value : u32) -> u32 {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

fn normal(index : u32, seed : u32) -> f32 {
  let bits = hash(index ^ seed);
  // (0, 1], so that the logarithm is finite; and a second hash for the angle.
  let radius = sqrt(-2.0 * log((f32(bits >> 8u) + 1.0) / 16777216.0));
  return radius * cos(FULL_TURN * f32(hash(bits ^ index)) / TWO_32);
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let token = (group.y * groups.x + group.x) * THREADS + thread;
  if (token >= sizes.tokens) {
    return;
  }
  let first = token * sizes.channels;
  var squares = 0.0;
  for (var c = 0u; c < sizes.channels; c++) {
    squares += x[first + c] * x[first + c];
  }
  let deviation = sizes.strength * sqrt(squares) / f32(sizes.channels);
  let seed = hash(sizes.seed);
  for (var c = 0u; c < sizes.channels; c++) {
    y[first + c] = x[first + c] + deviation * normal(first + c, seed);
  }
}
