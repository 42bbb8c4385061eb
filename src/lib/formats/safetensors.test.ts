import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Corpus, fuzzSettings, fuzzTimeout, outcomeOf } from '../../testing/fuzz';
import { BadSafetensors, readSafetensors, writeSafetensors } from './safetensors';

function file(header: unknown, data = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const out = new Uint8Array(8 + json.length + data.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.length), true);
  out.set(json, 8);
  out.set(data, 8 + json.length);
  return out;
}
const f32 = (begin: number, end: number) => ({
  dtype: 'F32',
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
});

describe('safetensors', () => {
  it('reads back what it wrote, names, shapes, values and metadata', () => {
    const bytes = writeSafetensors(
      { a: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }, b: { shape: [1], data: Int32Array.of(-5) } },
      { note: 'grün' },
    );
    const { tensors, metadata } = readSafetensors(bytes);
    expect(metadata).toEqual({ note: 'grün' });
    expect(tensors.get('a')).toMatchObject({ dtype: 'F32', shape: [2, 2] });
    expect([...tensors.get('a')!.data]).toEqual([1, 2, 3, 4]);
    expect([...tensors.get('b')!.data]).toEqual([-5]);
  });

  it('reads the same from a Node Buffer inside a larger one', () => {
    const bytes = Buffer.from(writeSafetensors({ a: { shape: [2], data: Float32Array.of(1, 2) } }));
    const inside = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
    expect([...readSafetensors(inside).tensors.get('a')!.data]).toEqual([1, 2]);
  });

  it('decodes half precision and bfloat16', () => {
    const data = Uint8Array.of(0x00, 0x3c, 0x01, 0x00, 0x00, 0xfc, 0x80, 0x3f);
    const { tensors } = readSafetensors(
      file(
        {
          h: { dtype: 'F16', shape: [3], data_offsets: [0, 6] },
          b: { dtype: 'BF16', shape: [1], data_offsets: [6, 8] },
        },
        data,
      ),
    );
    expect([...tensors.get('h')!.data]).toEqual([1, 2 ** -24, -Infinity]);
    expect([...tensors.get('b')!.data]).toEqual([1]);
  });

  it.each([
    ['shorter than eight bytes', Uint8Array.of(1, 2, 3)],
    [
      'beyond the end of the file',
      (() => {
        const b = file({});
        b[0] = 200;
        return b;
      })(),
    ],
    ['claims', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127)],
    ['not JSON', file('{{{{')],
    ['not an object', file('[1]')],
    ['unknown dtype F8', file({ a: { dtype: 'F8', shape: [1], data_offsets: [0, 1] } }, new Uint8Array(1))],
    ['no valid shape', file({ a: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, new Uint8Array(4))],
    ['needs 8 bytes', file({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, new Uint8Array(4))],
    ['overlaps another', file({ a: f32(0, 8), b: f32(4, 12) }, new Uint8Array(12))],
    ['cut short', file({ a: f32(0, 8) }, new Uint8Array(4))],
    ['a hole before', file({ a: f32(4, 8) }, new Uint8Array(8))],
    ['belong to no tensor', file({ a: f32(0, 4) }, new Uint8Array(8))],
    ['metadata are not strings', file({ __metadata__: { a: 1 } })],
  ])('refuses a file when it is %s', (text, bytes) => {
    expect(() => readSafetensors(bytes)).toThrow(BadSafetensors);
    expect(() => readSafetensors(bytes)).toThrow(text);
  });

  it(
    'answers any bytes with a file or a BadSafetensors, never another error',
    async () => {
      const valid = new Uint8Array(writeSafetensors({ a: { shape: [3], data: Float32Array.of(1, 2, 3) } }));
      const mutated = fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, value]) => {
        const copy = valid.slice();
        copy[at] = value;
        return copy;
      });
      const corpus = new Corpus('safetensors');
      const attempt = (bytes: Uint8Array): string => {
        try {
          readSafetensors(bytes);
          return 'ok';
        } catch (error) {
          if (!(error instanceof BadSafetensors)) throw error;
          return outcomeOf(error);
        }
      };
      await corpus.replay(attempt);
      const property = fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) =>
        corpus.try(new Uint8Array(bytes), attempt),
      );
      await fc.assert(property, fuzzSettings(2000));
    },
    fuzzTimeout(2000),
  );
});
