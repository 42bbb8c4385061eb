// How unlike phi and a reconstruction are, from three sums over the channels: of phi^2, of the reconstruction's squares, and of
// those of their difference.

// A vector shorter than this has no direction; its cosine is 0, as torch's cosine_similarity gives for zero.
const SHORTEST = 1e-8;

// 1 - sim, where sim = 0.3 * i + 0.7 * c; `near` is the mean squared difference up to which i is 1.
fn unlikeness(squares : vec3f, channels : u32, near : f32) -> f32 {
  let lengths = sqrt(squares.xy);
  let difference = lengths.x - lengths.y;
  var oneMinusCosine = (squares.z - difference * difference) / (2.0 * lengths.x * lengths.y);
  if (min(lengths.x, lengths.y) < SHORTEST) {
    oneMinusCosine = 1.0;
  }
  let far = squares.z / f32(channels) > near;
  return max(0.7 * oneMinusCosine, 0.0) + select(0.0, 0.3, far);
}
