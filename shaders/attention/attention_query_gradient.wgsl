// Backward pass of attention.wgsl for the queries: dq_i = scale * sum_j ds_ij k_j with ds_ij = p_ij (drop_ij dy_i . v_j - D_i),
// where p_ij = exp(q_i . k_j * scale - logSum_i) and D_i = dy_i . y_i. Also writes D for attention_key_gradient.wgsl.
// Cut as the forward pass: a thread keeps one query of one head and walks over the keys in memory order. 64 threads a group;
// groups: ceil(B * heads * tokens / 64), spread over x and y.

override QUARTERS : u32 = 8u;

// As in attention.wgsl.
struct Sizes {
  count : u32,
  heads : u32,
  height : u32,
  width : u32,
  reachY : i32,
  reachX : i32,
  scale : f32,
  threshold : u32,
  kept : f32,
  seed : u32,
}

@group(0) @binding(0) var<storage, read> q : array<vec4f>;
@group(0) @binding(1) var<storage, read> k : array<vec4f>;
@group(0) @binding(2) var<storage, read> v : array<vec4f>;
@group(0) @binding(3) var<storage, read> dy : array<vec4f>;
@group(0) @binding(4) var<storage, read> y : array<vec4f>;
@group(0) @binding(5) var<storage, read> logSums : array<f32>;
@group(0) @binding(6) var<storage, read_write> dq : array<vec4f>;
// [B, heads, tokens]
@group(0) @binding(7) var<storage, read_write> dots : array<f32>;
@group(0) @binding(8) var<uniform> sizes : Sizes;

const THREADS = 64u;

fn hash(value : u32) -> u32 {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) thread : u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + thread;
  if (index >= sizes.count) {
    return;
  }
  let tokens = sizes.height * sizes.width;
  let pair = index / tokens;
  let token = index % tokens;
  let stride = sizes.heads * QUARTERS;
  let first = pair / sizes.heads * tokens * stride + pair % sizes.heads * QUARTERS;
  let row = i32(token / sizes.width);
  let column = i32(token % sizes.width);
  let seed = hash(sizes.seed);

  var query = array<vec4f, 8>();
  var change = array<vec4f, 8>();
  var sum = array<vec4f, 8>();
  var along = 0.0;
  for (var d = 0u; d < QUARTERS; d++) {
    let at = first + token * stride + d;
    query[d] = q[at] * sizes.scale;
    change[d] = dy[at];
    along += dot(change[d], y[at]);
  }
  let logSum = logSums[index];
  for (var keyRow = 0; keyRow < i32(sizes.height); keyRow++) {
    let rowNear = abs(keyRow - row) <= sizes.reachY;
    for (var keyColumn = 0; keyColumn < i32(sizes.width); keyColumn++) {
      if (rowNear && abs(keyColumn - column) <= sizes.reachX) {
        continue;
      }
      let key = u32(keyRow) * sizes.width + u32(keyColumn);
      let at = first + key * stride;
      var score = 0.0;
      var pull = 0.0;
      for (var d = 0u; d < QUARTERS; d++) {
        score += dot(query[d], k[at + d]);
        pull += dot(change[d], v[at + d]);
      }
      let kept = select(sizes.kept, 0.0, hash((index * tokens + key) ^ seed) < sizes.threshold);
      let slope = exp(score - logSum) * (kept * pull - along);
      for (var d = 0u; d < QUARTERS; d++) {
        sum[d] += slope * k[at + d];
      }
    }
  }
  for (var d = 0u; d < QUARTERS; d++) {
    dq[first + token * stride + d] = sum[d] * sizes.scale;
  }
  dots[index] = along;
}
