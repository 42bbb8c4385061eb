// What the shaders of attention share: sizes, and which query or key a thread keeps. q, k, v and y are
// [B, tokens, heads, 4 QUARTERS], tokens on a grid, row by row.

struct Sizes {
  // B * heads * tokens
  count : u32,
  heads : u32,
  height : u32,
  width : u32,
  // Rows and columns of the neighbourhood that a token does not see, to either side; -1: it sees all.
  reachY : i32,
  reachX : i32,
  // 1 / sqrt(width of a head)
  scale : f32,
  // Hashes below it drop; what stays is multiplied by `kept`.
  threshold : u32,
  kept : f32,
  seed : u32,
}

// Vectors of four in a head, and how many there may be: they lie in registers.
override QUARTERS : u32;
const MOST_QUARTERS = 8u;

const THREADS = 64u;

struct Token {
  tokens : u32,
  // Image and head.
  pair : u32,
  row : i32,
  column : i32,
  // Where the image's tokens begin for this head, and from one token to the next, in vectors of four.
  first : u32,
  stride : u32,
  // The token's own vectors.
  at : u32,
}

fn tokenOf(index : u32, sizes : Sizes) -> Token {
  let tokens = sizes.height * sizes.width;
  let pair = index / tokens;
  let token = index % tokens;
  let stride = sizes.heads * QUARTERS;
  let first = pair / sizes.heads * tokens * stride + pair % sizes.heads * QUARTERS;
  let row = i32(token / sizes.width);
  let column = i32(token % sizes.width);
  return Token(tokens, pair, row, column, first, stride, first + token * stride);
}
