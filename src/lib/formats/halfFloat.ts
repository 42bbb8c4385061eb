// Sixteen-bit floats to float32: IEEE half precision and bfloat16. Weights are often stored so.

/** IEEE 754 half precision, bit patterns in, values out; subnormals, infinities and NaN included. */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  // A loop: from() with a function takes several times as long.
  for (let i = 0; i < bits.length; i++) values[i] = halfToNumber(bits[i]!);
  return values;
}

/** bfloat16 is the upper half of a float32. */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (b) => b << 16).buffer);
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Values in, bit patterns of IEEE half precision out: rounded to the nearest, of two equally near to the even one. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const one = new Float32Array(1);
  const bits = new Uint32Array(one.buffer);
  for (let i = 0; i < values.length; i++) {
    one[0] = values[i]!;
    halves[i] = bitsToHalf(bits[0]!);
  }
  return halves;
}

/** From the bits of a float32. */
function bitsToHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const fraction = bits & 0x7fffff;
  const stored = (bits >>> 23) & 0xff;
  if (stored === 0xff) return fraction ? 0x7e00 : sign | 0x7c00;
  const exponent = stored - 127 + 15;
  if (exponent > 30) return sign | 0x7c00;
  // Below the smallest normal half the leading one is written out.
  if (exponent < -10) return sign;
  if (exponent <= 0) return sign | roundedShift(fraction | 0x800000, 14 - exponent);
  // A fraction that rounds up to 2 carries into the exponent, and the largest one to infinity.
  return sign | roundedShift((exponent << 23) | fraction, 13);
}

/** bits >> shift, rounded to the nearest, of two equally near to the even one. */
function roundedShift(bits: number, shift: number): number {
  const whole = bits >>> shift;
  const rest = bits - (whole << shift);
  const halfway = 1 << (shift - 1);
  return whole + Number(rest > halfway || (rest === halfway && whole % 2 === 1));
}
