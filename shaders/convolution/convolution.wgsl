// Dense convolution with everything that usually follows it, in one pass over NHWC maps:
// y = activation(convolution(x * gate, filter) + bias + residual).
// A thread makes 4 neighbouring pixels of a row times 4 output channels: 16 sums in registers. For each offset of the
// kernel and each 4 input channels it reads 4 pixels and 4 filter rows (8 vec4) and does 64 multiply-adds, as one
// product of 4 x 4 matrices. There is no workgroup memory and no barrier: neighbouring threads share channels of the
// same pixels, so filter reads and writes are contiguous and pixel reads are shared in the cache.
// 64 threads a group; groups: ceil(B * outHeight * ceil(outWidth / 4) * outputs / 4 / 64), spread over x and y.
// Every sum runs in memory order in one thread: the same bits at every run. All channel counts are multiples of 4.
// Sizes are uniforms, so a network of many shapes needs few pipelines.

// 0 linear, 1 relu, 2 relu6, 3 silu: as in src/lib/kernels/convolution/activation.ts.
override ACTIVATION : u32 = 0u;
// Whether gate [B, C] scales the input's channels, and whether residual (shaped as y) is added.
override GATED = false;
override RESIDUAL = false;

const THREADS = 64u;
const STRIP = 4u;

struct Sizes {
  batch : u32,
  height : u32,
  width : u32,
  // Of the input, in vec4.
  channels : u32,
  outHeight : u32,
  outWidth : u32,
  // Of the output, in vec4.
  outputs : u32,
  kernel : u32,
  stride : u32,
  top : i32,
  left : i32,
}

@group(0) @binding(0) var<storage, read> x : array<vec4f>;
// [kernel, kernel, channels, outputs]
@group(0) @binding(1) var<storage, read> filters : array<vec4f>;
@group(0) @binding(2) var<storage, read> bias : array<vec4f>;
@group(0) @binding(3) var<storage, read> gate : array<vec4f>;
@group(0) @binding(4) var<storage, read> residual : array<vec4f>;
@group(0) @binding(5) var<storage, read_write> y : array<vec4f>;
@group(0) @binding(6) var<uniform> sizes : Sizes;

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
  if (index >= sizes.batch * sizes.outHeight * strips * sizes.outputs) {
    return;
  }
  let output = index % sizes.outputs;
  let strip = index / sizes.outputs;
  let firstX = strip % strips * STRIP;
  let outY = strip / strips % sizes.outHeight;
  let image = strip / (strips * sizes.outHeight);

  // Column p of every matrix here is pixel p of the strip.
  var sums = mat4x4f();
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
      let at = (row + vec4u(select(inX, vec4i(0), beside))) * sizes.channels;
      var f = (ky * sizes.kernel + kx) * sizes.channels * 4u * sizes.outputs + output;
      for (var c = 0u; c < sizes.channels; c++) {
        var pixels = mat4x4f(
          x[at.x + c] * inside.x,
          x[at.y + c] * inside.y,
          x[at.z + c] * inside.z,
          x[at.w + c] * inside.w,
        );
        if (GATED) {
          let scale = gate[image * sizes.channels + c];
          pixels = mat4x4f(pixels[0] * scale, pixels[1] * scale, pixels[2] * scale, pixels[3] * scale);
        }
        let rows = mat4x4f(
          filters[f],
          filters[f + sizes.outputs],
          filters[f + 2u * sizes.outputs],
          filters[f + 3u * sizes.outputs],
        );
        sums += rows * pixels;
        f += 4u * sizes.outputs;
      }
    }
  }

  let count = min(STRIP, sizes.outWidth - firstX);
  let first = ((image * sizes.outHeight + outY) * sizes.outWidth + firstX) * sizes.outputs + output;
  for (var p = 0u; p < count; p++) {
    let to = first + p * sizes.outputs;
    var value = sums[p] + bias[output];
    if (RESIDUAL) {
      value += residual[to];
    }
    y[to] = activate(value);
  }
}
