// NumPy's .npy format, version 1.0, for arrays of 32-bit floats in C order: what maps are exported as and what
// numpy.load reads. Nothing else of the format. Source: numpy.lib.format's specification.

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
const LENGTH_END = 10;
/** The data begins at a multiple of this, so that it can be mapped into memory. */
const ALIGNMENT = 64;

/** A .npy file of a float32 array. @throws RangeError when the shape does not fit the data */
export function writeNpy(data: Float32Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  if (data.length !== sizeOf(shape))
    throw new RangeError(`${data.length} values do not fill [${shape.join(', ')}]`);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const fields = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const dataStart = Math.ceil((LENGTH_END + fields.length + 1) / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(dataStart + 4 * data.length);
  file.set(MAGIC);
  const view = new DataView(file.buffer);
  view.setUint16(8, dataStart - LENGTH_END, true);
  file.set(new TextEncoder().encode(`${fields.padEnd(dataStart - LENGTH_END - 1)}\n`), LENGTH_END);
  data.forEach((value, i) => view.setFloat32(dataStart + 4 * i, value, true));
  return file;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
