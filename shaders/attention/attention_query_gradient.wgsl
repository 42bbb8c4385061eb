// Backward pass of attention.wgsl for the queries: dq_i = scale * sum_j ds_ij k_j with ds_ij = p_ij (drop_ij dy_i . v_j - D_i),
// where p_ij = exp(q_i . k_j * scale - logSum_i) and D_i = dy_i . y_i. Also writes D for attention_key_gradient.wgsl.
// Cut as the forward pass: a thread keeps one query of one head and walks over the keys in memory order. 64 threads a group;
// groups: ceil(B * heads * tokens / 64), spread over x and y.

import package::shared::attention::{MOST_QUARTERS, QUARTERS, Sizes, THREADS, tokenOf};
import package::shared::hash::{dropFactor, pcg};
import package::shared::invocation::{elementOf, Invocation};

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

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.count) {
    return;
  }
  let own = tokenOf(index, sizes);
  let seed = pcg(sizes.seed);

  var query = array<vec4f, MOST_QUARTERS>();
  var change = array<vec4f, MOST_QUARTERS>();
  var sum = array<vec4f, MOST_QUARTERS>();
  var along = 0.0;
  for (var d = 0u; d < QUARTERS; d++) {
    let at = own.at + d;
    query[d] = q[at] * sizes.scale;
    change[d] = dy[at];
    along += dot(change[d], y[at]);
  }
  let logSum = logSums[index];
  for (var keyRow = 0; keyRow < i32(sizes.height); keyRow++) {
    let rowNear = abs(keyRow - own.row) <= sizes.reachY;
    for (var keyColumn = 0; keyColumn < i32(sizes.width); keyColumn++) {
      if (rowNear && abs(keyColumn - own.column) <= sizes.reachX) {
        continue;
      }
      let key = u32(keyRow) * sizes.width + u32(keyColumn);
      let at = own.first + key * own.stride;
      var score = 0.0;
      var pull = 0.0;
      for (var d = 0u; d < QUARTERS; d++) {
        score += dot(query[d], k[at + d]);
        pull += dot(change[d], v[at + d]);
      }
      let kept = dropFactor(index * own.tokens + key, seed, sizes.threshold, sizes.kept);
      let slope = exp(score - logSum) * (kept * pull - along);
      for (var d = 0u; d < QUARTERS; d++) {
        sum[d] += slope * k[at + d];
      }
    }
  }
  for (var d = 0u; d < QUARTERS; d++) {
    dq[own.at + d] = sum[d] * sizes.scale;
  }
  dots[index] = along;
}
