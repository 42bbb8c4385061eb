// Reads NumPy's .npy format, version 1.0, for arrays of 32-bit floats in C order: what lib/formats/npy.ts writes.

export interface FloatArray {
  shape: number[];
  data: Float32Array<ArrayBuffer>;
}

/** The file is not one. */
export class BadNpy extends Error {}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
const LENGTH_END = 10;

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
