// Sums over an image's pixels, cut into slices of 32: one thread a slice and channel. sum_slices.wgsl adds the slices.

const SLICE = 32u;

struct Slice {
  image : u32,
  channel : u32,
  // Pixels from `first` to `end` - 1.
  first : u32,
  end : u32,
}

fn slicesOf(pixels : u32) -> u32 {
  return (pixels + SLICE - 1) / SLICE;
}

// Results lie as [slices, batch, channels].
fn sliceOf(index : u32, batch : u32, pixels : u32, channels : u32) -> Slice {
  let first = index / (channels * batch) * SLICE;
  return Slice(index / channels % batch, index % channels, first, min(first + SLICE, pixels));
}
