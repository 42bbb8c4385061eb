// Attention of every token on every token of its image, forward only, for tokens that a frozen network makes: no matrix of
// tokens x tokens is ever in memory. y_i = sum_j softmax_j(q_i . k_j * scale) v_j in every head, by a running maximum and a
// running sum over tiles of keys (online softmax).
// qkv is [B, tokens, 3, heads, 4 QUARTERS], y is [B, tokens, heads, 4 QUARTERS]; QUARTERS is at most 16.
// A workgroup of 64 threads makes 32 queries of one head, in turns of 32 keys. In a turn a thread first makes 4 x 4 scores, as
// products of 4 x 4 matrices (8 reads of vec4 for 64 multiplications); then two threads a row make the row's maximum and its
// weights; then a thread adds 4 queries times 2 vec4 of a head, which it keeps in registers. Scores, weights and what is left of
// earlier sums lie in workgroup memory: 2 x 4 KiB and 128 B; two barriers a turn.
// Dispatch: ceil(tokens / 32), heads, B. Every sum runs in a fixed order: the same bits at every run.

struct Sizes {
  tokens : u32,
  heads : u32,
  // 1 / sqrt(width of a head)
  scale : f32,
}

@group(0) @binding(0) var<storage, read> qkv : array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y : array<vec4f>;
@group(0) @binding(2) var<uniform> sizes : Sizes;

// Vectors of four in a head.
override QUARTERS : u32;
const MOST_QUARTERS = 16u;

const THREADS = 64u;
// Queries of a workgroup, and keys of a turn.
const TILE = 32u;
// Groups of four of them.
const FOURS = 8u;
// Less than any score.
const NOTHING = -1e30;

var<workgroup> scores : array<vec4f, TILE * FOURS>;
var<workgroup> weights : array<vec4f, TILE * FOURS>;
// By what each row's sums so far shrink.
var<workgroup> fades : array<f32, TILE>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) thread : u32) {
  let stride = 3u * sizes.heads * QUARTERS;
  let queries = group.z * sizes.tokens * stride + group.y * QUARTERS;
  let keys = queries + sizes.heads * QUARTERS;
  let values = keys + sizes.heads * QUARTERS;
  let last = sizes.tokens - 1u;

  // Four rows of queries, and four keys of a turn or two vec4 of a head.
  let firstRow = 4u * (thread / FOURS);
  let column = thread % FOURS;
  let firstQuery = group.x * TILE + firstRow;
  // Queries beyond the end repeat the last one and are not written.
  let q = queries + min(vec4u(firstQuery, firstQuery + 1u, firstQuery + 2u, firstQuery + 3u), vec4u(last)) * stride;
  // The row whose weights this thread makes, for half of the keys.
  let row = thread / 2u;
  let firstFour = thread % 2u * (FOURS / 2u);

  var maximum = NOTHING;
  var sums = array<array<vec4f, 2>, 4>();
  var totals = vec4f();

  for (var first = 0u; first < sizes.tokens; first += TILE) {
    let key = first + 4u * column;
    let k = keys + min(vec4u(key, key + 1u, key + 2u, key + 3u), vec4u(last)) * stride;
    // Column i has the scores of query i.
    var products = mat4x4f();
    for (var d = 0u; d < QUARTERS; d++) {
      let four = transpose(mat4x4f(qkv[k.x + d], qkv[k.y + d], qkv[k.z + d], qkv[k.w + d]));
      products += four * mat4x4f(qkv[q.x + d], qkv[q.y + d], qkv[q.z + d], qkv[q.w + d]);
    }
    let there = vec4u(key, key + 1u, key + 2u, key + 3u) <= vec4u(last);
    for (var i = 0u; i < 4u; i++) {
      scores[(firstRow + i) * FOURS + column] = select(vec4f(NOTHING), products[i] * sizes.scale, there);
    }
    workgroupBarrier();

    var highest = vec4f(maximum);
    for (var f = 0u; f < FOURS; f++) {
      highest = max(highest, scores[row * FOURS + f]);
    }
    let higher = max(max(highest.x, highest.y), max(highest.z, highest.w));
    for (var f = firstFour; f < firstFour + FOURS / 2u; f++) {
      weights[row * FOURS + f] = exp(scores[row * FOURS + f] - higher);
    }
    if (firstFour == 0u) {
      fades[row] = exp(maximum - higher);
    }
    maximum = higher;
    workgroupBarrier();

    for (var i = 0u; i < 4u; i++) {
      let fade = fades[firstRow + i];
      totals[i] *= fade;
      sums[i][0] *= fade;
      sums[i][1] *= fade;
    }
    for (var f = 0u; f < FOURS; f++) {
      let value = first + 4u * f;
      let v = values + min(vec4u(value, value + 1u, value + 2u, value + 3u), vec4u(last)) * stride;
      let near = mat4x4f(qkv[v.x + column % QUARTERS], qkv[v.y + column % QUARTERS], qkv[v.z + column % QUARTERS], qkv[v.w + column % QUARTERS]);
      let far = (column + FOURS) % QUARTERS;
      let other = mat4x4f(qkv[v.x + far], qkv[v.y + far], qkv[v.z + far], qkv[v.w + far]);
      for (var i = 0u; i < 4u; i++) {
        let weight = weights[(firstRow + i) * FOURS + f];
        totals[i] += dot(weight, vec4f(1.0));
        sums[i][0] += near * weight;
        sums[i][1] += other * weight;
      }
    }
  }

  for (var i = 0u; i < 4u; i++) {
    let query = firstQuery + i;
    if (query > last) {
      continue;
    }
    let to = ((group.z * sizes.tokens + query) * sizes.heads + group.y) * QUARTERS;
    if (column < QUARTERS) {
      y[to + column] = sums[i][0] / totals[i];
    }
    if (column + FOURS < QUARTERS) {
      y[to + column + FOURS] = sums[i][1] / totals[i];
    }
  }
}
