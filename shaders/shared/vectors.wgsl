// What the shaders of two small linear layers in a row share (vector_network*.wgsl).

const MAX_HIDDEN = 1024u;

// Activations of the two layers: 0 relu, 1 tanh, 2 hard-sigmoid, min(max(z + 3, 0), 6) / 6.
override FIRST : u32;
override SECOND : u32;

fn activateVector(z : f32, kind : u32) -> f32 {
  switch (kind) {
    case 0u: { return max(z, 0.0); }
    // Held where tanh is 1 anyway: some adapters make NaN of large arguments.
    case 1u: { return tanh(clamp(z, -15.0, 15.0)); }
    default: { return clamp(z + 3.0, 0.0, 6.0) / 6.0; }
  }
}

// The derivative, from the result.
fn vectorSlope(y : f32, kind : u32) -> f32 {
  switch (kind) {
    case 0u: { return select(0.0, 1.0, y > 0.0); }
    case 1u: { return 1.0 - y * y; }
    default: { return select(0.0, 1.0 / 6.0, y > 0.0 && y < 1.0); }
  }
}
