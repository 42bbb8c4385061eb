// How shaders become modules: pieces are linked in, and what a shader says of itself is read from it.
import { describe, expect, it } from 'vitest';
import { linkWgsl } from '../../../scripts/linkWgsl';
import { describeShader } from '../../../scripts/wgsl';

const PIECES: Record<string, string> = {
  'shared/hash.wgsl': `// Hashes.

import package::shared::turns::TURN;

// The hash.
fn pcg(value : u32) -> u32 {
  return value * FACTOR; // not TURN
}

const FACTOR = 3u;

fn angle(value : u32) -> f32 { return TURN * f32(pcg(value)); }

fn unused() {}
`,
  'shared/turns.wgsl': 'const TURN = 6.28;\nfn pcg() {}\n',
  'shared/round.wgsl': 'import package::shared::about::b;\nfn a() { b(); }\n',
  'shared/about.wgsl': 'import package::shared::round::a;\nfn b() { a(); }\n',
};
const link = (code: string) => linkWgsl('noise/test.wgsl', code, (file) => PIECES[file] ?? null);

describe('linkWgsl', () => {
  it('appends what is used, with what that uses, once, under the names of the files', () => {
    const code = `// A shader.
import package::shared::hash::{angle, pcg};

fn main() { let x = angle(pcg(1u)); }
`;
    expect(link(code)).toBe(`// A shader.
// import package::shared::hash::{angle, pcg};

fn main() { let x = angle(pcg(1u)); }

// From shaders/shared/hash.wgsl

// The hash.
fn pcg(value : u32) -> u32 {
  return value * FACTOR; // not TURN
}

const FACTOR = 3u;

fn angle(value : u32) -> f32 { return TURN * f32(pcg(value)); }

// From shaders/shared/turns.wgsl

const TURN = 6.28;
`);
  });

  it('leaves out what nothing needs, and a shader without imports as it is', () => {
    const linked = link('import package::shared::hash::pcg;\nfn main() { pcg(1u); }\n');
    expect(linked).toContain('FACTOR');
    expect(linked).not.toMatch(/unused|angle|TURN = /);
    expect(link('fn main() {}\n')).toBe('fn main() {}\n');
  });

  it.each([
    [
      'a name that is not there',
      '\nimport package::shared::hash::pgc;\nfn f() { pgc(); }',
      /^shaders\/noise\/test.wgsl:2: shaders\/shared\/hash.wgsl declares no pgc$/,
    ],
    [
      'a file that is not there',
      'import package::shared::hush::pcg;\nfn f() { pcg(); }',
      /:1: there is no shaders\/shared\/hush.wgsl/,
    ],
    [
      'a name of the shader’s own',
      'import package::shared::hash::pcg;\nfn pcg() {}',
      /:1: pcg is declared here, too/,
    ],
    [
      'a name that a piece brings along',
      'import package::shared::hash::pcg;\nfn main() { pcg(1u); }\nconst FACTOR = 1;',
      /FACTOR is declared in noise\/test.wgsl and in shared\/hash.wgsl/,
    ],
    [
      'one name from two files',
      'import package::shared::hash::pcg;\nimport package::shared::turns::pcg;\nfn f() { pcg(); }',
      /:2: pcg is imported twice/,
    ],
    [
      'a circle',
      'import package::shared::round::a;\nfn f() { a(); }',
      /shared\/about.wgsl:1: a circle: .*round.wgsl imports shared\/about.wgsl imports/,
    ],
    [
      'what is not used',
      'import package::shared::hash::pcg;\n// pcg\nfn f(x : vec2f) { x.pcg; }',
      /:1: pcg is imported and not used/,
    ],
    ['another form', 'import super::hash::pcg;', /:1: "import super::hash::pcg;" is not of the form/],
  ])('refuses %s', (_, code, message) => {
    expect(() => link(code)).toThrow(message);
  });
});

const SHADER = `
struct Sizes { range : vec2f, count : u32, }
@group(0) @binding(2) var<uniform> sizes : Sizes;
@group(0) @binding(0) var<storage, read> x : array<f32>;
@group(0) @binding(1) var<storage, read_write> y : array<vec4f>;
override WIDE : bool;
override OFFSET = 1.5;
@compute @workgroup_size(TILE, SIDE) fn main() { y[0] = vec4f(x[0]) * f32(sizes.count); }
const TILE = SIDE * 2u;
const SIDE = 0x10u;
const HALF = TILE / 4;
const SHARE = 0.5;
const NOTHING = vec2f(-2, 0);
`;

describe('describeShader', () => {
  it('reads buffers, uniforms, constants and overrides', async () => {
    expect(await describeShader('test', SHADER)).toEqual({
      name: 'test',
      code: SHADER,
      inputs: ['x'],
      outputs: ['y'],
      uniforms: [
        { name: 'range', type: 'vec2f', offset: 0 },
        { name: 'count', type: 'u32', offset: 8 },
      ],
      uniformBytes: 16,
      constants: { TILE: 32, SIDE: 16, HALF: 8 },
      overrides: [
        { name: 'WIDE', required: true },
        { name: 'OFFSET', required: false },
      ],
      workgroupSize: [32, 16, 1],
    });
  });

  it.each([
    ['outputs before inputs', SHADER.replace('read>', 'read_write>').replace('read_write> y', 'read> y')],
    ['a gap', SHADER.replace('binding(2)', 'binding(3)')],
    ['another group', SHADER.replace('@group(0) @binding(1)', '@group(1) @binding(1)')],
  ])('refuses bindings with %s', async (_, code) => {
    await expect(describeShader('test', code)).rejects.toThrow(/^Shader test: bindings count up in group 0/);
  });

  it('names the shader that is no WGSL', async () => {
    await expect(describeShader('test', 'fn main( {}')).rejects.toThrow(/^Shader test is no WGSL: /);
  });
});
