// What the shaders of normalisation share. Tensors are seen as [groups, rows, channels].

// Whether the deviation is torch's unbiased one, and epsilon is added to it instead of to the variance.
override UNBIASED : bool;

fn unbiasedDeviation(variance : f32, rows : f32) -> f32 {
  return sqrt(variance * rows / max(rows - 1.0, 1.0));
}

fn inverseDeviation(variance : f32, rows : u32, epsilon : f32) -> f32 {
  if (UNBIASED) {
    return 1.0 / (unbiasedDeviation(variance, f32(rows)) + epsilon);
  }
  return 1.0 / sqrt(variance + epsilon);
}

// Where a workgroup writes every element: 32 lanes x 8 parts take 32 channels of 64 rows.
const LANES = 32u;
const PARTS = 8u;
const ROWS = 64u;

// Rows of a slice, where sums over rows are cut: one thread a slice and channel.
const SLICE = 64u;

struct RowSlice {
  group : u32,
  channel : u32,
  // Rows from `first` to `end` - 1.
  first : u32,
  end : u32,
}

// Results lie as [groups, slices, channels].
fn rowSliceOf(index : u32, slices : u32, rows : u32, channels : u32) -> RowSlice {
  let first = index / channels % slices * SLICE;
  return RowSlice(index / (channels * slices), index % channels, first, min(first + SLICE, rows));
}
