// The one random generator of the model: PCG32 (O'Neill 2014, pcg-random.org), seeded, with an own stream per
// purpose so that, say, one more jitter draw never changes the order of the images. Its state is plain data and
// goes into checkpoints. Not cryptographic; not for the data sets' drawing scripts.

/** State and increment of PCG32 as four unsigned 32-bit words: [stateHigh, stateLow, incrementHigh, incrementLow]. */
export type RandomState = readonly [number, number, number, number];

const MULTIPLIER_HIGH = 0x5851f42d;
const MULTIPLIER_LOW = 0x4c957f2d;
const TWO_32 = 2 ** 32;

export class Random {
  #high = 0;
  #low = 0;
  readonly #incrementHigh: number;
  readonly #incrementLow: number;

  private constructor(incrementHigh: number, incrementLow: number) {
    this.#incrementHigh = incrementHigh;
    this.#incrementLow = incrementLow;
  }

  /** The reference seeding (`pcg32_srandom_r`): a 64-bit start and a 63-bit stream number. */
  static pcg32(start: bigint, stream: bigint): Random {
    const increment = (stream << 1n) | 1n;
    const random = new Random(high32(increment), low32(increment));
    random.next();
    const state = BigInt.asUintN(64, (BigInt(random.#high) << 32n) + BigInt(random.#low) + start);
    random.#high = high32(state);
    random.#low = low32(state);
    random.next();
    return random;
  }

  /** The stream of one purpose (any name) under the user's seed (an integer in [0, 2^32)). */
  static stream(seed: number, purpose: string): Random {
    const name = BigInt(fnv1a(purpose));
    return Random.pcg32((name << 32n) | BigInt(seed >>> 0), name);
  }

  static restore([high, low, incrementHigh, incrementLow]: RandomState): Random {
    const random = new Random(incrementHigh, incrementLow);
    random.#high = high;
    random.#low = low;
    return random;
  }

  get state(): RandomState {
    return [this.#high, this.#low, this.#incrementHigh, this.#incrementLow];
  }

  /** The next 32 random bits as an integer in [0, 2^32). */
  next(): number {
    const high = this.#high;
    const low = this.#low;
    this.#advance(high, low);
    // Output permutation XSH-RR of the state before the step: ((s >> 18) ^ s) >> 27, rotated by s >> 59.
    const xorHigh = (high >>> 18) ^ high;
    const xorLow = ((high << 14) | (low >>> 18)) ^ low;
    const value = (xorHigh << 5) | (xorLow >>> 27);
    const rotation = high >>> 27;
    return ((value >>> rotation) | (value << (-rotation & 31))) >>> 0;
  }

  /** Uniform in [0, 1), 32 bits fine. */
  uniform(): number {
    return this.next() / TWO_32;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A uniform integer in [low, high], both ends included, without modulo bias. */
  int(low: number, high: number): number {
    const range = high - low + 1;
    const unbiased = TWO_32 - (TWO_32 % range);
    let draw = this.next();
    while (draw >= unbiased) draw = this.next();
    return low + (draw % range);
  }

  /** True with probability 1/2. */
  coin(): boolean {
    return this.next() >= TWO_32 / 2;
  }

  /** Standard normal (Box-Muller; the second value is dropped so that the state stays four words). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log((this.next() + 1) / TWO_32));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** `count` normal values of the given standard deviation. */
  normals(count: number, deviation: number): Float32Array {
    return Float32Array.from({ length: count }, () => this.normal() * deviation);
  }

  /** A random permutation of 0 .. count - 1 (Fisher-Yates). */
  permutation(count: number): number[] {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.int(0, i);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  /** state = state * multiplier + increment (mod 2^64), in 16-bit pieces: BigInt is 20 times slower. */
  #advance(high: number, low: number): void {
    const a0 = low & 0xffff;
    const a1 = low >>> 16;
    const b0 = MULTIPLIER_LOW & 0xffff;
    const b1 = MULTIPLIER_LOW >>> 16;
    const lowest = a0 * b0;
    const middle = a0 * b1 + a1 * b0 + Math.floor(lowest / 0x10000);
    const productLow = (((middle & 0xffff) << 16) | (lowest & 0xffff)) >>> 0;
    const carry = a1 * b1 + Math.floor(middle / 0x10000);
    const sumLow = productLow + this.#incrementLow;
    this.#low = sumLow >>> 0;
    const cross = Math.imul(low, MULTIPLIER_HIGH) + Math.imul(high, MULTIPLIER_LOW);
    this.#high = (carry + cross + this.#incrementHigh + (sumLow >= TWO_32 ? 1 : 0)) >>> 0;
  }
}

const high32 = (value: bigint): number => Number(BigInt.asUintN(32, value >> 32n));
const low32 = (value: bigint): number => Number(BigInt.asUintN(32, value));

/** 32-bit FNV-1a over UTF-16 units: turns a purpose's name into a stream number. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
