// NumPy's .npy format, version 1.0, for arrays of 32-bit floats in C order: what maps are exported as and what
// numpy.load reads. Nothing else of the format. Source: numpy.lib.format's specification.
import { RemedyError } from '../errors';

export interface FloatArray {
  shape: number[];
  data: Float32Array<ArrayBuffer>;
}

export class BadNpy extends RemedyError {
  override readonly name = 'BadNpy';
  constructor(detail: string) {
    super(
      `This is not a readable .npy file: ${detail}.`,
      'Save it with numpy.save as a C-ordered float32 array.',
    );
  }
}

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

/** Reads what writeNpy and numpy.save write for float32. @throws BadNpy naming the first fault */
export function readNpy(file: Uint8Array): FloatArray {
  if (!MAGIC.every((byte, i) => file[i] === byte)) throw new BadNpy('it does not begin like version 1.0');
  if (file.length < LENGTH_END) throw new BadNpy('it is cut short');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const dataStart = LENGTH_END + view.getUint16(8, true);
  if (dataStart > file.length) throw new BadNpy('its header is cut short');
  const shape = parseShape(new TextDecoder('latin1').decode(file.subarray(LENGTH_END, dataStart)));
  const count = sizeOf(shape);
  if (file.length - dataStart !== 4 * count) throw new BadNpy(`it does not hold ${count} values`);
  return {
    shape,
    data: Float32Array.from({ length: count }, (_, i) => view.getFloat32(dataStart + 4 * i, true)),
  };
}

function parseShape(header: string): number[] {
  if (!/'descr':\s*'<f4'/.test(header)) throw new BadNpy('its values are not little-endian float32');
  if (!/'fortran_order':\s*False/.test(header)) throw new BadNpy('it is not in C order');
  const tuple = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (tuple === undefined) throw new BadNpy('it names no shape');
  return (tuple.match(/\d+/g) ?? []).map(Number);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
