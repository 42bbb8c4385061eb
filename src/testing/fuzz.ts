// What fuzz tests share: how many inputs they try, what a file may say that nobody means, and the corpora: inputs kept in
// fuzz/, a folder a parser, which are tried again by every run. A long run makes them grow:
// GRAD_FUZZ_RUNS=100000 GRAD_FUZZ_KEEP=1 npx vitest run --project unit <file>. What failed is kept, and the first input
// with each new outcome (fuzz/README.md). GRAD_FUZZ_SEED=n draws others; without it a run can be had again.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import type { RemedyError } from '../lib/errors';

const given = (name: string): number | null => {
  const value = Number(process.env[name] || NaN);
  return Number.isInteger(value) && value > 0 ? value : null;
};

/** Inputs to try. @param ordinary their number unless GRAD_FUZZ_RUNS says another */
export const fuzzRuns = (ordinary: number): number => given('GRAD_FUZZ_RUNS') ?? ordinary;

/** For fast-check: the number of inputs and a fixed seed. */
export const fuzzSettings = (ordinary: number) => ({
  numRuns: fuzzRuns(ordinary),
  seed: given('GRAD_FUZZ_SEED') ?? 20_250_401,
});

/** Time for one test in milliseconds: two an input, and at least a minute. */
export const fuzzTimeout = (ordinary: number): number => Math.max(60_000, 20 * fuzzRuns(ordinary));

/** Values that a schema does not mean. */
export const hostile = fc.constantFrom(
  ...[null, -1, 1e308, -0, '', '\u0000', '__proto__', 'x'.repeat(5000), [[[[]]]], { length: 1e9 }],
  ...[JSON.parse('{"__proto__": {"polluted": true}}') as object, Array.from({ length: 2000 }, () => 0)],
);

/** Puts a value in place of the n-th value of a tree, counted in depth. */
export function replaceIn(tree: Record<string, unknown>, n: number, value: unknown): void {
  const spots: { parent: Record<string, unknown>; key: string }[] = [];
  const visit = (parent: Record<string, unknown>): void => {
    for (const key of Object.keys(parent)) {
      spots.push({ parent, key });
      if (typeof parent[key] === 'object' && parent[key] !== null)
        visit(parent[key] as Record<string, unknown>);
    }
  };
  visit(tree);
  if (spots.length === 0) return;
  const { parent, key } = spots[n % spots.length]!;
  parent[key] = value;
}

const FOLDER = join(import.meta.dirname, '../../fuzz');
const KEEP = process.env['GRAD_FUZZ_KEEP'] === '1';
/** Bytes of one input, and inputs and bytes of a parser's folder, that a growing corpus stops at; what failed is kept beyond. */
const MOST_INPUT = 8192;
const MOST_INPUTS = 40;
const MOST_BYTES = 32_768;

/** What came of an input, without what differs from one to the next: `ok`, or a refusal's name and words. */
export function outcomeOf(error: RemedyError): string {
  return `${error.name} ${error.message.replaceAll(/[^a-zA-Z ,.]+/g, '#').slice(0, 60)}`;
}

/** The kept inputs of a parser, and what is tried beside them. */
export class Corpus {
  readonly #folder: string;
  /** Outcomes that some input has. */
  readonly #known = new Set<string>();

  constructor(parser: string) {
    this.#folder = join(FOLDER, parser);
  }

  /** Kept inputs, for `it.each`: path in the repository and bytes. */
  get inputs(): [path: string, bytes: Uint8Array<ArrayBuffer>][] {
    return this.#names().map((name) => {
      const path = join(this.#folder, name);
      return [relative(join(FOLDER, '..'), path), new Uint8Array(readFileSync(path))];
    });
  }

  /** Tries all kept inputs. */
  async replay(attempt: (bytes: Uint8Array<ArrayBuffer>) => string | Promise<string>): Promise<void> {
    for (const [path, bytes] of this.inputs) {
      try {
        this.#known.add(await attempt(bytes));
      } catch (cause) {
        throw new Error(`${path} fails`, { cause });
      }
    }
  }

  /**
   * Tries an input, and keeps it where there is something new about it and a long run asks for it.
   * @param attempt gives the outcome: `ok`, or what outcomeOf() says of a refusal; it throws where anything else happens
   */
  async try(
    bytes: Uint8Array<ArrayBuffer>,
    attempt: (bytes: Uint8Array<ArrayBuffer>) => string | Promise<string>,
  ): Promise<void> {
    const before = KEEP ? bytes.slice() : bytes;
    try {
      const outcome = await attempt(bytes);
      const isNew = !this.#known.has(outcome);
      this.#known.add(outcome);
      if (KEEP && isNew && before.length <= this.#room()) this.#write(nameOf(outcome), before);
    } catch (error) {
      // By its words: while the input is made smaller, one file takes the other's place.
      if (KEEP) this.#write(`failed-${nameOf(String(error).replaceAll(/\d+/g, '#').slice(0, 80))}`, before);
      throw error;
    }
  }

  /** Bytes that one more input may have. */
  #room(): number {
    const kept = this.inputs.map(([, { length }]) => length);
    const left = MOST_BYTES - kept.reduce((sum, length) => sum + length, 0);
    return kept.length < MOST_INPUTS ? Math.min(MOST_INPUT, left) : -1;
  }

  #names(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder).sort() : [];
  }

  #write(name: string, bytes: Uint8Array): void {
    const path = join(this.#folder, name);
    if (existsSync(path) && statSync(path).size <= bytes.length) return;
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(path, bytes);
  }
}

const nameOf = (outcome: string) => `${createHash('sha256').update(outcome).digest('hex').slice(0, 12)}.bin`;

/** The same for parsers of text. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
