// Applies a linear operator along each axis of a map: out = rows * map * columns^T, both operators stored as bands
// (src/lib/kernels/maps/operators1d.ts). Upsampling, Gaussian smoothing, average pooling and their products are all of this form.
// An operator lies in memory as one row per output sample: [index of the first input, weight 0, weight 1, ...];
// indices are exact in f32 (below 2^24).
// A workgroup of 64 threads makes one row of the output, in two steps: the row operator's mix of input rows goes
// into workgroup memory (W values, rowTaps multiplications each), then the column operator runs along that line
// (columnTaps multiplications per output sample). "Upsample by 8 and smooth with sigma 4" has 6 taps an axis.
// Dispatch: outHeight, B. Sizes are uniforms: one pipeline serves every operator.

// Room for one mixed line: W rounded up to a multiple of 64, at most 4096 (16 KiB).
override LINE : u32;

const THREADS = 64u;

struct Sizes {
  height : u32,
  width : u32,
  outHeight : u32,
  outWidth : u32,
  rowTaps : u32,
  columnTaps : u32,
}

@group(0) @binding(0) var<storage, read> values : array<f32>;
@group(0) @binding(1) var<storage, read> rows : array<f32>;
@group(0) @binding(2) var<storage, read> columns : array<f32>;
@group(0) @binding(3) var<storage, read_write> resampled : array<f32>;
@group(0) @binding(4) var<uniform> sizes : Sizes;

var<workgroup> line : array<f32, LINE>;

fn mixRows(x : u32, y : u32, image : u32) -> f32 {
  let row = y * (1 + sizes.rowTaps);
  var at = (image * sizes.height + u32(rows[row])) * sizes.width + x;
  var sum = 0.0;
  for (var tap = 1u; tap <= sizes.rowTaps; tap++) {
    sum += rows[row + tap] * values[at];
    at += sizes.width;
  }
  return sum;
}

fn mixLine(x : u32) -> f32 {
  let column = x * (1 + sizes.columnTaps);
  var at = u32(columns[column]);
  var sum = 0.0;
  for (var tap = 1u; tap <= sizes.columnTaps; tap++) {
    sum += columns[column + tap] * line[at];
    at++;
  }
  return sum;
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) thread : u32) {
  let y = group.x;
  let image = group.y;
  for (var x = thread; x < sizes.width; x += THREADS) {
    line[x] = mixRows(x, y, image);
  }
  workgroupBarrier();

  for (var x = thread; x < sizes.outWidth; x += THREADS) {
    resampled[(image * sizes.outHeight + y) * sizes.outWidth + x] = mixLine(x);
  }
}
