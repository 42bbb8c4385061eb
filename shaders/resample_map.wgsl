// Applies a linear operator along each axis of a map: out = rows * map * columns^T, both operators stored as bands
// (src/kernels/bands.ts). Upsampling, Gaussian smoothing, average pooling and their products are all of this form.
// An operator lies in memory as one row per output sample: [index of the first input, weight 0, weight 1, ...];
// indices are exact in f32 (below 2^24).
// One thread makes one output sample: rowTaps * columnTaps multiplications, 36 for "upsample by 8 and smooth with
// sigma 4". Workgroups of 8 x 8 samples; dispatch: ceil(outWidth / 8), ceil(outHeight / 8), B.
// Sizes are uniforms: one pipeline serves every map and operator.

const TILE = 8;

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

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(global_invocation_id) id : vec3u) {
  if (id.x >= sizes.outWidth || id.y >= sizes.outHeight) {
    return;
  }
  let row = id.y * (1 + sizes.rowTaps);
  let column = id.x * (1 + sizes.columnTaps);
  let corner = (id.z * sizes.height + u32(rows[row])) * sizes.width + u32(columns[column]);
  var sum = 0.0;
  for (var y = 0u; y < sizes.rowTaps; y++) {
    var line = 0.0;
    for (var x = 0u; x < sizes.columnTaps; x++) {
      line += columns[column + 1 + x] * values[corner + y * sizes.width + x];
    }
    sum += rows[row + 1 + y] * line;
  }
  resampled[(id.z * sizes.outHeight + id.y) * sizes.outWidth + id.x] = sum;
}
