// Random numbers by position instead of by turn. src/lib/kernels/noise/hashRandom.ts is the reference.

// The PCG output permutation as a hash of 32 bits (Jarzynski and Olano, JCGT 9(3), 2020).
fn pcg(value : u32) -> u32 {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

// 0 where the position is dropped, else `kept`: hashes below the threshold drop. The seed is a hash itself.
fn dropFactor(position : u32, seed : u32, threshold : u32, kept : f32) -> f32 {
  return select(kept, 0.0, pcg(position ^ seed) < threshold);
}

const TURN = 6.283185307179586;
// 2^-32
const UNIT = 2.3283064365386963e-10;

// A normal value of mean 0 and variance 1, by Box and Muller: the radius from a number in (0, 1], the angle from a hash.
// Sine and cosine may err by 1e-4 on some adapters: for noise that does not matter.
fn normalOf(share : f32, word : u32) -> f32 {
  return sqrt(-2.0 * log(share)) * cos(TURN * (f32(word) * UNIT));
}
