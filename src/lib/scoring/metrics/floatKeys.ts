// 32-bit floats as unsigned integers of the same order, so that values can be counted and sorted digit by digit
// without losing a bit. Knows nothing of scores or masks.
import { NotANumber } from './errors';

const SIGN = 0x80000000;
const INFINITY_BITS = 0x7f800000;

/**
 * The bits of `values`, without copying them.
 * @throws NotANumber if any value is NaN; `what` names the values in its message
 */
export function floatBits(values: Float32Array, what: string): Uint32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    if ((bits[i]! & ~SIGN) > INFINITY_BITS) throw new NotANumber(what);
  }
  return bits;
}

/** A float's bits as its key: a < b exactly when key(a) < key(b); both zeros have the same key. */
export function keyOf(bits: number): number {
  // Negative floats grow downwards: flip all their bits, and only the sign of the others.
  if (bits >= SIGN) return bits === SIGN ? SIGN : ~bits >>> 0;
  return (bits | SIGN) >>> 0;
}

/** The floats that these keys stand for. */
export function floatsOf(keys: Uint32Array): Float32Array {
  const bits = keys.map((key) => (key >= SIGN ? key & ~SIGN : ~key));
  return new Float32Array(bits.buffer);
}
