// How many inputs a fuzz test tries: few in the ordinary run, as many as one likes in a long one:
// GRAD_FUZZ_RUNS=100000 npx vitest run --project unit <file>. The seed stays, so that a failure can be run again.

const asked = Number(process.env['GRAD_FUZZ_RUNS']);

/** Inputs to try. @param ordinary their number unless GRAD_FUZZ_RUNS says another */
export const fuzzRuns = (ordinary: number): number =>
  Number.isInteger(asked) && asked > 0 ? asked : ordinary;

/** For fast-check: the number of inputs and a fixed seed. */
export const fuzzSettings = (ordinary: number) => ({ numRuns: fuzzRuns(ordinary), seed: 20_250_401 });

/** Time for one test in milliseconds: two an input, and at least a minute. */
export const fuzzTimeout = (ordinary: number): number => Math.max(60_000, 20 * fuzzRuns(ordinary));
