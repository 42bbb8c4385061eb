// What a layer does to its sums while it writes them, when nothing trains.

// What `affine` holds by output channel: 0 nothing, 1 a bias [channels], 2 a factor and a summand [2, channels], which is batch
// normalisation with its running statistics.
override AFFINE = 0u;

// 0 linear, 1 relu, 4 hard-swish, numbered as in src/lib/kernels/convolution/activation.ts, whose 5 is another; 6 tanh.
override FINISH = 0u;

fn finish(z : vec4f) -> vec4f {
  switch (FINISH) {
    case 1u: { return max(z, vec4f(0.0)); }
    case 4u: { return swish(z); }
    // Held where tanh is 1 anyway: some adapters make NaN of large arguments.
    case 6u: { return tanh(clamp(z, vec4f(-15.0), vec4f(15.0))); }
    default: { return z; }
  }
}

// hard-swish
fn swish(z : vec4f) -> vec4f {
  return z * clamp(z + 3.0, vec4f(0.0), vec4f(6.0)) / 6.0;
}
