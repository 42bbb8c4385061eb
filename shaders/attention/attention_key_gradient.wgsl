// Backward pass of attention.wgsl for keys and values: dk_j = scale * sum_i ds_ij q_i and dv_j = sum_i drop_ij p_ij dy_i, with
// p_ij = exp(q_i . k_j * scale - logSum_i) and ds_ij = p_ij (drop_ij dy_i . v_j - D_i), D from attention_query_gradient.wgsl.
// Gathered: a thread keeps one key of one head and walks over the queries that see it, in memory order; the neighbour mask is
// symmetric. 64 threads a group; groups: ceil(B * heads * tokens / 64), spread over x and y.

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
@group(0) @binding(4) var<storage, read> logSums : array<f32>;
@group(0) @binding(5) var<storage, read> dots : array<f32>;
@group(0) @binding(6) var<storage, read_write> dk : array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dv : array<vec4f>;
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

  var key = array<vec4f, 8>();
  var value = array<vec4f, 8>();
  var keySum = array<vec4f, 8>();
  var valueSum = array<vec4f, 8>();
  for (var d = 0u; d < QUARTERS; d++) {
    key[d] = k[first + token * stride + d] * sizes.scale;
    value[d] = v[first + token * stride + d];
  }
  for (var queryRow = 0; queryRow < i32(sizes.height); queryRow++) {
    let rowNear = abs(queryRow - row) <= sizes.reachY;
    for (var queryColumn = 0; queryColumn < i32(sizes.width); queryColumn++) {
      if (rowNear && abs(queryColumn - column) <= sizes.reachX) {
        continue;
      }
      let query = u32(queryRow) * sizes.width + u32(queryColumn);
      let at = first + query * stride;
      let line = pair * tokens + query;
      var score = 0.0;
      var pull = 0.0;
      for (var d = 0u; d < QUARTERS; d++) {
        score += dot(key[d], q[at + d]);
        pull += dot(value[d], dy[at + d]);
      }
      let kept = select(sizes.kept, 0.0, hash((line * tokens + token) ^ seed) < sizes.threshold);
      let weight = exp(score - logSums[line]);
      let slope = weight * (kept * pull - dots[line]);
      for (var d = 0u; d < QUARTERS; d++) {
        keySum[d] += slope * q[at + d];
        valueSum[d] += kept * weight * dy[at + d];
      }
    }
  }
  for (var d = 0u; d < QUARTERS; d++) {
    dk[first + token * stride + d] = keySum[d] * sizes.scale;
    dv[first + token * stride + d] = valueSum[d];
  }
}
