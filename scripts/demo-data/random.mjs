// Seeded random numbers for the demo data: one named stream per purpose, so that adding a draw to one
// purpose never shifts another. Integer arithmetic only: the same name gives the same numbers everywhere.

/** Hash of a string, 32 bits: FNV-1a, then Murmur's finaliser, so that neighbouring names start far apart. */
function hashText(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A stream of random numbers (mulberry32), named by a path such as `fabric/train/003/pose`. */
export class Random {
  #name;
  #state;

  /** @param {string} name */
  constructor(name) {
    this.#name = name;
    this.#state = hashText(name);
  }

  /** An independent stream for one purpose. @param {string | number} purpose */
  fork(purpose) {
    return new Random(`${this.#name}/${purpose}`);
  }

  /** A seed for the noise functions: 32 bits. */
  seed() {
    return Math.floor(this.uniform() * 0x100000000);
  }

  /** Uniform in [low, high). */
  uniform(low = 0, high = 1) {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return low + (((t ^ (t >>> 14)) >>> 0) / 0x100000000) * (high - low);
  }

  /** Normally distributed (Box-Muller). */
  normal(mean = 0, sigma = 1) {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return mean + sigma * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Whole number in [low, high], both included. */
  integer(low, high) {
    return Math.floor(this.uniform(low, high + 1));
  }
}
