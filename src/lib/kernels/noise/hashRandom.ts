// Random numbers by position instead of by turn: a hash of a seed and an index, so that every GPU thread has its own
// and the backward pass finds the same ones again. shaders/shared/hash.wgsl is the same for shaders.
// Everything the CPU draws comes from model/random.ts instead.
const TWO_32 = 2 ** 32;

/** The PCG output permutation as a hash of 32 bits (Jarzynski and Olano, JCGT 9(3), 2020). */
export function hash(value: number): number {
  const state = (Math.imul(value, 747796405) + 2891336453) >>> 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
}

/** 32 random bits at a position of the stream that `seed` names. */
export function bitsAt(seed: number, index: number): number {
  return hash((index ^ hash(seed)) >>> 0);
}

/** Dropout in the shaders' terms: bits below `threshold` drop, what stays is multiplied by `kept`. */
export interface DropRule {
  threshold: number;
  kept: number;
  seed: number;
}

/** @param rate share of what is dropped, in [0, 1) */
export function dropRule(rate: number, seed: number): DropRule {
  return { threshold: Math.floor(rate * TWO_32), kept: 1 / (1 - rate), seed };
}

/** 0 where the position is dropped, else 1 / (1 - rate). */
export function dropFactor({ threshold, kept, seed }: DropRule, index: number): number {
  return bitsAt(seed, index) < threshold ? 0 : kept;
}
