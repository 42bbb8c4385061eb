// Ascending sort of many 32-bit keys, each with a number that travels along: a radix sort of three passes. Keys come
// from floatKeys.ts.

const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;
const PASSES = 3;

/** Keys and, place by place, what belongs to them. */
export interface KeyedNumbers {
  keys: Uint32Array;
  numbers: Uint32Array;
}

/** Sorts copies of both lists by key; equal keys keep their order. */
export function sortKeys({ keys, numbers }: KeyedNumbers): KeyedNumbers {
  let from: KeyedNumbers = { keys: keys.slice(), numbers: numbers.slice() };
  let to: KeyedNumbers = {
    keys: new Uint32Array(keys.length),
    numbers: new Uint32Array(keys.length),
  };
  for (let pass = 0; pass < PASSES; pass++) {
    scatter(from, to, pass * DIGIT_BITS);
    [from, to] = [to, from];
  }
  return from;
}

function scatter(from: KeyedNumbers, to: KeyedNumbers, shift: number): void {
  const next = startPositions(from.keys, shift);
  for (let i = 0; i < from.keys.length; i++) {
    const key = from.keys[i]!;
    const place = next[(key >>> shift) & (DIGITS - 1)]!++;
    to.keys[place] = key;
    to.numbers[place] = from.numbers[i]!;
  }
}

/** Where the first key of each digit goes. */
function startPositions(keys: Uint32Array, shift: number): Uint32Array {
  const counts = new Uint32Array(DIGITS);
  for (const key of keys) counts[(key >>> shift) & (DIGITS - 1)]!++;
  let start = 0;
  return counts.map((count) => (start += count) - count);
}
