// The activations, numbered as in src/lib/kernels/convolution/activation.ts, and the slopes of those that train.

// 0 linear, 1 relu, 2 relu6, 3 silu, 4 hard-swish, 5 gelu.
override ACTIVATION : u32;

// Those of frozen networks.
fn activate(value : vec4f) -> vec4f {
  switch (ACTIVATION) {
    case 1u: { return max(value, vec4f(0.0)); }
    case 2u: { return clamp(value, vec4f(0.0), vec4f(6.0)); }
    // The exponent is held below overflow, where the quotient is zero anyway.
    case 3u: { return value / (1.0 + exp(min(-value, vec4f(80.0)))); }
    case 5u: { return gelu(value); }
    default: { return value; }
  }
}

// With erf, not tanh: half of erfc by Abramowitz and Stegun 7.1.26, to 1.5e-7.
fn gelu(z : vec4f) -> vec4f {
  let size = abs(z) * 0.70710678;
  let t = 1.0 / (1.0 + 0.3275911 * size);
  let series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  let tail = 0.5 * series * exp(-min(size * size, vec4f(80.0)));
  return z * select(1.0 - tail, tail, z < vec4f(0.0));
}

// Those that train: 0, 1 and 4.
fn activateTrained(z : f32) -> f32 {
  switch (ACTIVATION) {
    case 1u: { return max(z, 0.0); }
    case 4u: { return hardSwish(z); }
    default: { return z; }
  }
}

fn activationSlope(z : f32) -> f32 {
  switch (ACTIVATION) {
    case 1u: { return select(0.0, 1.0, z > 0.0); }
    case 4u: { return hardSwishSlope(z); }
    default: { return 1.0; }
  }
}

fn hardSwish(z : f32) -> f32 {
  return z * clamp(z + 3.0, 0.0, 6.0) / 6.0;
}

fn hardSwishSlope(z : f32) -> f32 {
  return select(z / 3.0 + 0.5, step(0.0, z), abs(z) >= 3.0);
}
