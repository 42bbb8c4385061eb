// Depthwise convolution with bias and activation in one pass over NHWC maps: every channel has a filter of its own.
// A thread makes 4 neighbouring pixels of a row times 4 channels: for each offset of the kernel it reads one filter
// vec4 and 4 pixels. Neighbouring threads take neighbouring channels, so all reads and writes are contiguous; rows that
// overlap between threads come from the cache. No workgroup memory, no barrier.
// 64 threads a group; groups: ceil(B * outHeight * ceil(outWidth / 4) * channels / 4 / 64), spread over x and y.
// Every sum runs in memory order in one thread: the same bits at every run. The channel count is a multiple of 4.
// Sizes are uniforms, so a network of many shapes needs few pipelines.

// 0 linear, 1 relu, 2 relu6, 3 silu: as in src/lib/kernels/convolution/activation.ts.
override ACTIVATION : u32 = 0u;

const THREADS = 64u;
const STRIP = 4u;

struct Sizes {
  batch : u32,
  height : u32,
  width : u32,
  // In vec4.
  channels : u32,
  outHeight : u32,
  outWidth : u32,
  kernel : u32,
  stride : u32,
  top : i32,
  left : i32,
}

@group(0) @binding(0) var<storage, read> x : array<vec4f>;
// [kernel, kernel, channels]
@group(0) @binding(1) var<storage, read> filters : array<vec4f>;
@group(0) @binding(2) var<storage, read> bias : array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y : array<vec4f>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

fn activate(value : vec4f) -> vec4f {
  switch (ACTIVATION) {
    case 1u: { return max(value, vec4f(0.0)); }
    case 2u: { return clamp(value, vec4f(0.0), vec4f(6.0)); }
    // The exponent is held below overflow, where the quotient is zero anyway.
    case 3u: { return value / (1.0 + exp(min(-value, vec4f(80.0)))); }
    default: { return value; }
  }
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let strips = (sizes.outWidth + STRIP - 1u) / STRIP;
  let index = (group.y * groups.x + group.x) * THREADS + thread;
  if (index >= sizes.batch * sizes.outHeight * strips * sizes.channels) {
    return;
  }
  let channel = index % sizes.channels;
  let strip = index / sizes.channels;
  let firstX = strip % strips * STRIP;
  let outY = strip / strips % sizes.outHeight;
  let image = strip / (strips * sizes.outHeight);

  // Column p is pixel p of the strip.
  let start = bias[channel];
  var sums = mat4x4f(start, start, start, start);
  for (var ky = 0u; ky < sizes.kernel; ky++) {
    let inY = i32(outY * sizes.stride + ky) - sizes.top;
    if (inY < 0 || inY >= i32(sizes.height)) {
      continue;
    }
    let row = (image * sizes.height + u32(inY)) * sizes.width;
    for (var kx = 0u; kx < sizes.kernel; kx++) {
      let steps = vec4i(0, 1, 2, 3) * i32(sizes.stride);
      let inX = i32(firstX * sizes.stride + kx) - sizes.left + steps;
      let beside = (inX < vec4i(0)) | (inX >= vec4i(i32(sizes.width)));
      // Outside the map any pixel is read and counts nothing.
      let inside = select(vec4f(1.0), vec4f(0.0), beside);
      let at = (row + vec4u(select(inX, vec4i(0), beside))) * sizes.channels + channel;
      let weight = filters[(ky * sizes.kernel + kx) * sizes.channels + channel];
      sums += mat4x4f(
        x[at.x] * (weight * inside.x),
        x[at.y] * (weight * inside.y),
        x[at.z] * (weight * inside.z),
        x[at.w] * (weight * inside.w),
      );
    }
  }

  let count = min(STRIP, sizes.outWidth - firstX);
  let first = ((image * sizes.outHeight + outY) * sizes.outWidth + firstX) * sizes.channels + channel;
  for (var p = 0u; p < count; p++) {
    y[first + p * sizes.channels] = activate(sums[p]);
  }
}
