// The sum behind one pixel, from its vectors: what the readout says, as steps that can be followed. In double precision.
import type { Inside, InsideCell, InsideGrids } from '../../engine/api/types';

export interface GridSum {
  /** The vectors, channel by channel; those of a branch that is missing are null. */
  phi: number[];
  normal: number[] | null;
  /** w x_a, or (1 - lambda) x_a: what is added. */
  added: number[] | null;
  /** x_pre, sim phi + (1 - sim) x_pre, and x_rec - phi. */
  pre: number[];
  rec: number[];
  left: number[];
  /** |x_n - phi|; null without the branch. */
  normalDistance: number | null;
  /** |x_pre - phi|. */
  preDistance: number;
  /** sim = 0.3 i + 0.7 c; 0 without refinement. */
  similarity: number;
  cosine: number;
  near: number;
  /** |x_rec - phi| = (1 - sim) |x_pre - phi|. */
  distance: number;
}

const add = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value + b[i]!);
const minus = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value - b[i]!);
const times = (a: readonly number[], factor: number) => a.map((value) => value * factor);
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);
export const norm = (a: readonly number[]): number => Math.sqrt(dot(a, a));

/** What both branches have in the sum: x_n, and w x_a; or lambda x_n and (1 - lambda) x_a. */
function shares({ kind, value }: NonNullable<InsideGrids['fusion']>): [number, number] {
  return kind === 'w' ? [1, value] : [value, 1 - value];
}

/** Null for a method that rebuilds nothing (the abnormal grid alone). */
export function gridSum(
  { vectors }: Pick<InsideCell, 'vectors'>,
  { fusion }: Pick<InsideGrids, 'fusion'>,
  refine: boolean,
  similarity: number,
): GridSum | null {
  if (!vectors.normal) return null;
  const [ofNormal, ofAbnormal] = fusion ? shares(fusion) : [1, 0];
  const phi = [...vectors.phi];
  const normal = [...vectors.normal];
  const added = vectors.abnormal && fusion ? times([...vectors.abnormal], ofAbnormal) : null;
  const pre = added ? add(times(normal, ofNormal), added) : times(normal, ofNormal);
  const cosine = dot(pre, phi) / (norm(pre) * norm(phi)) || 0;
  const sim = refine ? similarity : 0;
  const rec = add(times(phi, sim), times(pre, 1 - sim));
  const left = minus(rec, phi);
  return {
    ...{ phi, normal, added, pre, rec, left, cosine, similarity: sim },
    normalDistance: norm(minus(normal, phi)),
    preDistance: norm(minus(pre, phi)),
    // What the cosine leaves of it is 0 or 0.3.
    near: refine && sim - 0.7 * cosine > 0.15 ? 1 : 0,
    distance: norm(left),
  };
}

/** Sums of neighbouring channels, so that many channels fit: at most `most` bars. */
export function binned(values: readonly number[], most: number): { bars: number[]; each: number } {
  const each = Math.ceil(values.length / most);
  if (each <= 1) return { bars: [...values], each: 1 };
  const bars: number[] = [];
  for (let i = 0; i < values.length; i += each) {
    const some = values.slice(i, i + each);
    bars.push(some.reduce((sum, value) => sum + value, 0) / some.length);
  }
  return { bars, each };
}

/** sim at a pixel of the last answer. */
export const similarityAt = ({ grids }: Pick<Inside, 'grids'>, pixel: number): number =>
  grids?.sum?.similarity[pixel] ?? 0;
