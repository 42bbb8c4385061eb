// The sum over a workgroup of 64 threads, added in a tree of 6 steps: a fixed order, the same bits at every run.

const THREADS = 64u;
var<workgroup> sums : array<f32, THREADS>;

// All threads of the group have to call it, once; thread 0 gets the sum.
fn sumOfGroup(own : f32, thread : u32) -> f32 {
  sums[thread] = own;
  for (var reach = THREADS / 2; reach > 0; reach /= 2) {
    workgroupBarrier();
    if (thread < reach) {
      sums[thread] += sums[thread + reach];
    }
  }
  return sums[thread];
}
