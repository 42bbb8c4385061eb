// Attention of every token on every token it may see, without a matrix of scores: a thread keeps one query of one head and
// walks over the keys with a running maximum and a running sum (online softmax), so memory grows with the tokens, not with
// their square. y_i = sum_j drop_ij softmax_j(q_i . k_j * scale) v_j, and the logarithm of each softmax's denominator, from
// which the backward pass (attention_query_gradient.wgsl, attention_key_gradient.wgsl) makes the weights again.
// Tokens lie on a grid; a query does not see keys at most REACH rows and columns away (UniAD's neighbour mask; -1: sees all).
// q, k, v and y are [B, tokens, heads, 4 QUARTERS]; QUARTERS is at most 8. Threads of a workgroup have neighbouring queries of
// one head, so they read the same keys at the same time. 64 threads a group, one query and head each; groups:
// ceil(B * heads * tokens / 64), spread over x and y. One thread adds in memory order: the same bits at every run.
// drop_ij is 0 or 1 / (1 - rate), a hash of seed and position, so the backward pass needs no stored mask.

override QUARTERS : u32 = 8u;

struct Sizes {
  // B * heads * tokens
  count : u32,
  heads : u32,
  height : u32,
  width : u32,
  reachY : i32,
  reachX : i32,
  // 1 / sqrt(width of a head)
  scale : f32,
  // Hashes below it drop; what stays is multiplied by `kept`.
  threshold : u32,
  kept : f32,
  seed : u32,
}

@group(0) @binding(0) var<storage, read> q : array<vec4f>;
@group(0) @binding(1) var<storage, read> k : array<vec4f>;
@group(0) @binding(2) var<storage, read> v : array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y : array<vec4f>;
// [B, heads, tokens]
@group(0) @binding(4) var<storage, read_write> logSums : array<f32>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

const THREADS = 64u;

// As in src/lib/kernels/noise/hashRandom.ts.
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
  var sum = array<vec4f, 8>();
  for (var d = 0u; d < QUARTERS; d++) {
    query[d] = q[first + token * stride + d] * sizes.scale;
  }
  var maximum = -1e30;
  var total = 0.0;
  for (var keyRow = 0; keyRow < i32(sizes.height); keyRow++) {
    let rowNear = abs(keyRow - row) <= sizes.reachY;
    for (var keyColumn = 0; keyColumn < i32(sizes.width); keyColumn++) {
      if (rowNear && abs(keyColumn - column) <= sizes.reachX) {
        continue;
      }
      let key = u32(keyRow) * sizes.width + u32(keyColumn);
      let at = first + key * stride;
      var score = 0.0;
      for (var d = 0u; d < QUARTERS; d++) {
        score += dot(query[d], k[at + d]);
      }
      let higher = max(maximum, score);
      let fade = exp(maximum - higher);
      let weight = exp(score - higher);
      maximum = higher;
      total = total * fade + weight;
      let kept = select(sizes.kept, 0.0, hash((index * tokens + key) ^ seed) < sizes.threshold) * weight;
      for (var d = 0u; d < QUARTERS; d++) {
        sum[d] = sum[d] * fade + kept * v[at + d];
      }
    }
  }
  for (var d = 0u; d < QUARTERS; d++) {
    y[first + token * stride + d] = sum[d] / total;
  }
  logSums[index] = maximum + log(total);
}
