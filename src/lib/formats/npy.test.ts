import { describe, expect, it } from 'vitest';
import { BadNpy, readNpy } from '../../testing/npy';
import { writeNpy } from './npy';

const VALUES = Float32Array.from([0, 1.5, -2, Infinity, 1e-40, 3.25]);

describe('npy', () => {
  it.each([[[6]], [[2, 3]], [[1, 2, 3]]])('keeps shape %j and every value', (shape) => {
    expect(readNpy(writeNpy(VALUES, shape))).toEqual({ shape, data: VALUES });
  });

  it('writes the very bytes of numpy.save', () => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    const file = writeNpy(VALUES, [2, 3]);
    const text = new TextDecoder('latin1').decode(file.subarray(0, 128));
    expect(text).toBe(`\x93NUMPY\x01\x00\x76\x00${header.padEnd(117)}\n`);
    expect(new Uint8Array(VALUES.buffer)).toEqual(file.subarray(128));
  });

  it('reads a file that is a view into a larger buffer', () => {
    const file = writeNpy(VALUES, [6]);
    const larger = new Uint8Array(file.length + 3);
    larger.set(file, 3);
    expect(readNpy(larger.subarray(3)).data).toEqual(VALUES);
  });

  it('refuses a shape that does not fit', () => {
    expect(() => writeNpy(VALUES, [4])).toThrow(RangeError);
  });

  it('refuses anything else, naming the fault', () => {
    const file = writeNpy(VALUES, [6]);
    const edit = (from: string, to: string) =>
      Uint8Array.from(Buffer.from(Buffer.from(file).toString('latin1').replace(from, to), 'latin1'));
    for (let length = 0; length < file.length; length += 5) {
      expect(() => readNpy(file.subarray(0, length))).toThrow(BadNpy);
    }
    expect(() => readNpy(edit('<f4', '<f8'))).toThrow(/float32/);
    expect(() => readNpy(edit('False', 'True '))).toThrow(/C order/);
    expect(() => readNpy(edit('(6,)', '(7,)'))).toThrow(/7 values/);
  });
});
