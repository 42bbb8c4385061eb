// One AdamW step (decoupled weight decay, torch.optim.AdamW) on one variable, in place and in one pass over memory:
//   g = scale * gradient;  m += (1 - beta1) * (g - m);  v += (1 - beta2) * (g^2 - v);
//   p = decay * p - rate * m / (sqrt(v) / rootCorrection + epsilon).
// Parameter, both moments and gradient are flat arrays of the same length. The scale of the gradient clipping is read from a
// GPU scalar, so that no step waits for the CPU. The corrections that depend on the step number come as uniforms, worked
// out in double precision.
// Every element is on its own, so any cut gives the same bits: workgroups of 64 threads take stretches of 1,024 elements,
// 16 a thread, neighbouring threads at neighbouring addresses. Dispatch: ceil(count / 1,024), spread over x and y; the
// paper's global table (17.8 M elements) makes 17,408 groups.

import package::shared::invocation::{groupOf, Invocation};

struct Step {
  count : u32,
  beta1 : f32,
  beta2 : f32,
  epsilon : f32,
  // 1 - learning rate * weight decay
  decay : f32,
  // learning rate / (1 - beta1^t)
  rate : f32,
  // sqrt(1 - beta2^t)
  rootCorrection : f32,
}

@group(0) @binding(0) var<storage, read> gradient : array<f32>;
@group(0) @binding(1) var<storage, read> scale : array<f32>;
@group(0) @binding(2) var<storage, read_write> parameter : array<f32>;
@group(0) @binding(3) var<storage, read_write> firstMoment : array<f32>;
@group(0) @binding(4) var<storage, read_write> secondMoment : array<f32>;
@group(0) @binding(5) var<uniform> step : Step;

const THREADS = 64u;
const STRETCH = 1024u;

fn update(i : u32) {
  let g = scale[0] * gradient[i];
  let m = firstMoment[i] + (1.0 - step.beta1) * (g - firstMoment[i]);
  let v = step.beta2 * secondMoment[i] + (1.0 - step.beta2) * g * g;
  firstMoment[i] = m;
  secondMoment[i] = v;
  parameter[i] = step.decay * parameter[i] - step.rate * m / (sqrt(v) / step.rootCorrection + step.epsilon);
}

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let thread = invocation.thread;
  let first = groupOf(invocation) * STRETCH;
  let end = min(first + STRETCH, step.count);
  for (var i = first + thread; i < end; i += THREADS) {
    update(i);
  }
}
