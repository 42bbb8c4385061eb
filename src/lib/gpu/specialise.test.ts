// Filling in numbers and writing out loops: what leaves plain WGSL behind.
import { expect, it } from 'vitest';
import type { ShaderSource } from './shader';
import { constantsIn, specialise } from './specialise';

const source = (code: string): ShaderSource => ({ name: 'test', code, inputs: [], outputs: [], uniforms: [], uniformBytes: 0, constants: {}, overrides: [], workgroupSize: null }); // prettier-ignore

const CODE = `const ROWS = 4u;
const ALL = (ROWS + 1u) * 2u / 3u;

fn sum() {
  // unroll
  for (var i = 0u; i < ROWS; i++) {
    // unroll
    for (var j = 0u; j < ROWS - 1u; j++) {
      a[i * 2u + j] = i;
    }
  }
  for (var i = 0u; i < ROWS; i++) {
    b();
  }
}
`;

it('fills in numbers, writes out what is marked, and knows what follows from them', () => {
  const made = specialise(source(CODE), { ROWS: 2 });
  expect(made.constants).toEqual({ ROWS: 2, ALL: 2 });
  expect(made.name).toBe('test_2');
  expect(made.code).toBe(`const ROWS = 2u;
const ALL = (ROWS + 1u) * 2u / 3u;

fn sum() {
  {
    {
      a[0u * 2u + 0u] = 0u;
    }
  }
  {
    {
      a[1u * 2u + 0u] = 1u;
    }
  }
  for (var i = 0u; i < ROWS; i++) {
    b();
  }
}
`);
});

it('leaves the loops where asked to, and makes each shader once', () => {
  const shader = source(CODE);
  expect(specialise(shader, { ROWS: 3 }, false).code).toBe(CODE.replace('4u', '3u'));
  expect(specialise(shader, { ROWS: 3 })).toBe(specialise(shader, { ROWS: 3 }));
  expect(specialise(shader, { ROWS: 3 })).not.toBe(specialise(shader, { ROWS: 3 }, false));
});

it('refuses a name that is no number there, and a marked loop it cannot write out', () => {
  expect(() => specialise(source(CODE), { COLUMNS: 2 })).toThrow(/no number COLUMNS/);
  expect(() => specialise(source(CODE), { ALL: 2 })).toThrow(/no number ALL/);
  const odd = CODE.replace('i < ROWS; i++', 'i < ROWS; i += 2u');
  expect(() => specialise(source(odd), { ROWS: 2 })).toThrow(/unroll/);
  expect(() => specialise(source(CODE.replace('i < ROWS', 'i < OTHER')), { ROWS: 2 })).toThrow(/OTHER/);
});

it('reads constants in any order, and only whole numbers', () => {
  const code =
    'const A = B * (C - 1u);\nconst B = 0x10;\nconst C = 3u;\nconst D = vec4u(1, 2, 3, 4);\nconst E = 1.5;\n';
  expect(constantsIn(code)).toEqual({ A: 32, B: 16, C: 3 });
});
