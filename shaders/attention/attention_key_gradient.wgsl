// Backward pass of attention.wgsl for keys and values: dk_j = scale * sum_i ds_ij q_i and dv_j = sum_i drop_ij p_ij dy_i, with
// p_ij = exp(q_i . k_j * scale - logSum_i) and ds_ij = p_ij (drop_ij dy_i . v_j - D_i), D from attention_query_gradient.wgsl.
// Gathered: a thread keeps one key of one head and walks over the queries that see it, in memory order; the neighbour mask is
// symmetric. 64 threads a group; groups: ceil(B * heads * tokens / 64), spread over x and y.

import package::shared::attention::{MOST_QUARTERS, QUARTERS, Sizes, THREADS, tokenOf};
import package::shared::hash::{dropFactor, pcg};
import package::shared::invocation::{elementOf, Invocation};

@group(0) @binding(0) var<storage, read> q : array<vec4f>;
@group(0) @binding(1) var<storage, read> k : array<vec4f>;
@group(0) @binding(2) var<storage, read> v : array<vec4f>;
@group(0) @binding(3) var<storage, read> dy : array<vec4f>;
@group(0) @binding(4) var<storage, read> logSums : array<f32>;
@group(0) @binding(5) var<storage, read> dots : array<f32>;
@group(0) @binding(6) var<storage, read_write> dk : array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dv : array<vec4f>;
@group(0) @binding(8) var<uniform> sizes : Sizes;

@compute @workgroup_size(THREADS)
fn main(invocation : Invocation) {
  let index = elementOf(invocation, THREADS);
  if (index >= sizes.count) {
    return;
  }
  let own = tokenOf(index, sizes);
  let seed = pcg(sizes.seed);

  var key = array<vec4f, MOST_QUARTERS>();
  var value = array<vec4f, MOST_QUARTERS>();
  var keySum = array<vec4f, MOST_QUARTERS>();
  var valueSum = array<vec4f, MOST_QUARTERS>();
  for (var d = 0u; d < QUARTERS; d++) {
    key[d] = k[own.at + d] * sizes.scale;
    value[d] = v[own.at + d];
  }
  for (var queryRow = 0; queryRow < i32(sizes.height); queryRow++) {
    let rowNear = abs(queryRow - own.row) <= sizes.reachY;
    for (var queryColumn = 0; queryColumn < i32(sizes.width); queryColumn++) {
      if (rowNear && abs(queryColumn - own.column) <= sizes.reachX) {
        continue;
      }
      let query = u32(queryRow) * sizes.width + u32(queryColumn);
      let at = own.first + query * own.stride;
      let line = own.pair * own.tokens + query;
      var score = 0.0;
      var pull = 0.0;
      for (var d = 0u; d < QUARTERS; d++) {
        score += dot(key[d], q[at + d]);
        pull += dot(value[d], dy[at + d]);
      }
      let kept = dropFactor(line * own.tokens + index % own.tokens, seed, sizes.threshold, sizes.kept);
      let weight = exp(score - logSums[line]);
      let slope = weight * (kept * pull - dots[line]);
      for (var d = 0u; d < QUARTERS; d++) {
        keySum[d] += slope * q[at + d];
        valueSum[d] += kept * weight * dy[at + d];
      }
    }
  }
  for (var d = 0u; d < QUARTERS; d++) {
    dk[own.at + d] = keySum[d] * sizes.scale;
    dv[own.at + d] = valueSum[d];
  }
}
