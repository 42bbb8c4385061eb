// Chosen rows of a matrix [rows, channels] are copied into a store [?, width], width >= channels: row r becomes row targets[r] of
// the store, a row whose target is negative goes nowhere. So patches that arrive batch by batch are gathered in place.
// Workgroups of 64 threads, one element a thread; dispatch: ceil(rows * channels / 64), spread over x and y. Targets
// differ from each other, so no element is written twice and the result has the same bits at every run.

struct Sizes {
  rows : u32,
  channels : u32,
  width : u32,
}

@group(0) @binding(0) var<storage, read> rows : array<f32>;
@group(0) @binding(1) var<storage, read> targets : array<f32>;
@group(0) @binding(2) var<storage, read_write> store : array<f32>;
@group(0) @binding(3) var<uniform> sizes : Sizes;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) id : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let index = (id.y * groups.x + id.x) * 64 + thread;
  let row = index / sizes.channels;
  if (row >= sizes.rows || targets[row] < 0) {
    return;
  }
  store[u32(targets[row]) * sizes.width + index % sizes.channels] = rows[index];
}
