// Attention of every token on every token it may see, without a matrix of scores: a thread keeps one query of one head and
// walks over the keys with a running maximum and a running sum (online softmax), so memory grows with the tokens, not with
// their square. y_i = sum_j drop_ij softmax_j(q_i . k_j * scale) v_j, and the logarithm of each softmax's denominator, from
// which the backward pass (attention_query_gradient.wgsl, attention_key_gradient.wgsl) makes the weights again.
// Tokens lie on a grid; a query does not see keys at most REACH rows and columns away (UniAD's neighbour mask; -1: sees all).
// q, k, v and y are [B, tokens, heads, 4 QUARTERS]; QUARTERS is at most 8. Threads of a workgroup have neighbouring queries of
// one head, so they read the same keys at the same time. 64 threads a group, one query and head each; groups:
// ceil(B * heads * tokens / 64), spread over x and y. One thread adds in memory order: the same bits at every run.
// drop_ij is 0 or 1 / (1 - rate), a hash of seed and position, so the backward pass needs no stored mask.

import package::shared::attention::{MOST_QUARTERS, QUARTERS, Sizes, THREADS, tokenOf};
import package::shared::hash::{dropFactor, pcg};
import package::shared::invocation::{elementOf, Invocation};

@group(0) @binding(0) var<storage, read> q : array<vec4f>;
@group(0) @binding(1) var<storage, read> k : array<vec4f>;
@group(0) @binding(2) var<storage, read> v : array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y : array<vec4f>;
// [B, heads, tokens]
@group(0) @binding(4) var<storage, read_write> logSums : array<f32>;
@group(0) @binding(5) var<uniform> sizes : Sizes;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.count) {
    return;
  }
  let own = tokenOf(index, sizes);
  let seed = pcg(sizes.seed);

  var query = array<vec4f, MOST_QUARTERS>();
  var sum = array<vec4f, MOST_QUARTERS>();
  for (var d = 0u; d < QUARTERS; d++) {
    query[d] = q[own.at + d] * sizes.scale;
  }
  var maximum = -1e30;
  var total = 0.0;
  for (var keyRow = 0; keyRow < i32(sizes.height); keyRow++) {
    let rowNear = abs(keyRow - own.row) <= sizes.reachY;
    for (var keyColumn = 0; keyColumn < i32(sizes.width); keyColumn++) {
      if (rowNear && abs(keyColumn - own.column) <= sizes.reachX) {
        continue;
      }
      let key = u32(keyRow) * sizes.width + u32(keyColumn);
      let at = own.first + key * own.stride;
      var score = 0.0;
      for (var d = 0u; d < QUARTERS; d++) {
        score += dot(query[d], k[at + d]);
      }
      let higher = max(maximum, score);
      let fade = exp(maximum - higher);
      let weight = exp(score - higher);
      maximum = higher;
      total = total * fade + weight;
      let kept = dropFactor(index * own.tokens + key, seed, sizes.threshold, sizes.kept) * weight;
      for (var d = 0u; d < QUARTERS; d++) {
        sum[d] = sum[d] * fade + kept * v[at + d];
      }
    }
  }
  for (var d = 0u; d < QUARTERS; d++) {
    y[own.at + d] = sum[d] / total;
  }
  logSums[index] = maximum + log(total);
}
