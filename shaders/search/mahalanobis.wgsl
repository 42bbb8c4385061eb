// Mahalanobis distance of every pixel's features to the Gaussian of its place: |L^-1 (x - mean)|, where L L^T is the place's
// covariance and x the chosen channels of phi.
// L^-1 is lower triangular and stored without its zeros, column by column (column c has its rows c .. d - 1), so that half the
// memory, which is what this reads most of, goes unread, and neighbouring threads read neighbouring floats.
// A workgroup of 64 threads takes one place and 4 images (a vec4f): thread t makes rows t, t + 64, ... of the product, squares
// and adds them, and after one barrier the first thread adds the 64 parts in order: the same bits at every run. Images beyond
// the last one repeat it and are not written. Dispatch: places, ceil(images / 4).

struct Sizes {
  images : u32,
  // H * W.
  places : u32,
  // Channels of phi.
  channels : u32,
  // Channels chosen of them.
  chosen : u32,
}

// [images, places, channels]
@group(0) @binding(0) var<storage, read> phi : array<f32>;
// [chosen]: which channels
@group(0) @binding(1) var<storage, read> channels : array<f32>;
// [places, chosen]
@group(0) @binding(2) var<storage, read> mean : array<f32>;
// [places, chosen * (chosen + 1) / 2]: L^-1
@group(0) @binding(3) var<storage, read> whitening : array<f32>;
// [images, places]
@group(0) @binding(4) var<storage, read_write> distances : array<f32>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

const THREADS = 64u;
const IMAGES = 4u;

var<workgroup> parts : array<vec4f, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) thread : u32) {
  let place = group.x;
  let firstImage = group.y * IMAGES;
  let images = min(firstImage + vec4u(0, 1, 2, 3), vec4u(sizes.images - 1));
  let pixels = (images * sizes.places + place) * sizes.channels;
  let firstMean = place * sizes.chosen;
  let firstEntry = place * (sizes.chosen * (sizes.chosen + 1) / 2);

  var squares = vec4f();
  for (var row = thread; row < sizes.chosen; row += THREADS) {
    var product = vec4f();
    // Where column 0 would have this row; each further column is one shorter than the one before.
    var entry = firstEntry + row;
    for (var column = 0u; column <= row; column++) {
      let at = pixels + u32(channels[column]);
      let x = vec4f(phi[at.x], phi[at.y], phi[at.z], phi[at.w]);
      product += whitening[entry] * (x - mean[firstMean + column]);
      entry += sizes.chosen - column - 1;
    }
    squares += product * product;
  }
  parts[thread] = squares;
  workgroupBarrier();

  if (thread > 0) {
    return;
  }
  for (var other = 1u; other < THREADS; other++) {
    squares += parts[other];
  }
  for (var i = 0u; i < IMAGES && firstImage + i < sizes.images; i++) {
    distances[(firstImage + i) * sizes.places + place] = sqrt(squares[i]);
  }
}
