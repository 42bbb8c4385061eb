// Attention on tokens of a grid, and its gradients, in plain loops: the numeric reference of attention.ts, one query
// and head at a time. What the shaders gather separately is here one pass over all pairs.
import { dropFactor, type DropRule } from '../noise/hashRandom';

export interface AttentionLayout {
  batch: number;
  heads: number;
  /** Width of a head; q, k, v are [batch, height * width, heads * head]. */
  head: number;
  height: number;
  width: number;
  /** A query does not see keys at most so many rows and columns away; -1: it sees all. */
  reachY: number;
  reachX: number;
}

type Values<K extends string> = Record<K, Float32Array>;

/** Writes y, shaped as q, and the logarithm of each softmax's denominator, [batch, heads, tokens]. */
export function attend(
  { q, k, v }: Values<'q' | 'k' | 'v'>,
  layout: AttentionLayout,
  drop: DropRule,
  [y, logSums]: [Float32Array, Float32Array],
): void {
  const scale = 1 / Math.sqrt(layout.head);
  forEachQuery(layout, ({ query, line, keys }) => {
    const scores = keys.map(({ at }) => scale * dot(q, query, k, at, layout.head));
    const maximum = Math.max(...scores);
    const total = scores.reduce((sum, score) => sum + Math.exp(score - maximum), 0);
    logSums[line] = maximum + Math.log(total);
    const sums = new Float64Array(layout.head);
    keys.forEach(({ at, position }, j) => {
      const weight = (dropFactor(drop, position) * Math.exp(scores[j]! - maximum)) / total;
      for (let d = 0; d < layout.head; d++) sums[d]! += weight * v[at + d]!;
    });
    y.set(sums, query);
  });
}

/** Writes the gradients of q, k and v for the gradient dy of y. */
export function attendGradient(
  { q, k, v, dy, y, logSums }: Values<'q' | 'k' | 'v' | 'dy' | 'y' | 'logSums'>,
  layout: AttentionLayout,
  drop: DropRule,
  [dq, dk, dv]: [Float32Array, Float32Array, Float32Array],
): void {
  const { head } = layout;
  const scale = 1 / Math.sqrt(head);
  forEachQuery(layout, ({ query, line, keys }) => {
    const along = dot(dy, query, y, query, head);
    for (const { at, position } of keys) {
      const kept = dropFactor(drop, position);
      const weight = Math.exp(scale * dot(q, query, k, at, head) - logSums[line]!);
      const slope = scale * weight * (kept * dot(dy, query, v, at, head) - along);
      for (let d = 0; d < head; d++) {
        dq[query + d]! += slope * k[at + d]!;
        dk[at + d]! += slope * q[query + d]!;
        dv[at + d]! += kept * weight * dy[query + d]!;
      }
    }
  });
}

interface Query {
  /** Where the query starts in q, and its number over batch, heads and tokens. */
  query: number;
  line: number;
  /** Keys it sees: where they start in k, and the pair's number, by which weights are dropped. */
  keys: { at: number; position: number }[];
}

function forEachQuery(layout: AttentionLayout, visit: (query: Query) => void): void {
  const { batch, heads, head, height, width } = layout;
  const tokens = height * width;
  const visible = Array.from({ length: tokens }, (_, token) => visibleTokens(layout, token));
  for (let line = 0; line < batch * heads * tokens; line++) {
    const [pair, token] = [Math.floor(line / tokens), line % tokens];
    const start = (of: number) => ((Math.floor(pair / heads) * tokens + of) * heads + (pair % heads)) * head;
    const keys = visible[token]!.map((key) => ({ at: start(key), position: line * tokens + key }));
    visit({ query: start(token), line, keys });
  }
}

function visibleTokens({ height, width, reachY, reachX }: AttentionLayout, token: number): number[] {
  const all = Array.from({ length: height * width }, (_, other) => other);
  return all.filter((other) => {
    const rows = Math.abs(Math.floor(other / width) - Math.floor(token / width));
    const columns = Math.abs((other % width) - (token % width));
    return rows > reachY || columns > reachX;
  });
}

function dot(a: Float32Array, atA: number, b: Float32Array, atB: number, length: number): number {
  let sum = 0;
  for (let d = 0; d < length; d++) sum += a[atA + d]! * b[atB + d]!;
  return sum;
}
