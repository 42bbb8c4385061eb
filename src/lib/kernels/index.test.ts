// What holds for all kernels: a CPU reference for each, no name used twice; and for their shaders: none that no kernel
// runs, no piece that no shader imports, nothing written twice.
import { describe, expect, it } from 'vitest';
import { withoutComments } from '../../../scripts/linkWgsl';
import { tf } from '../gpu/tf';
import * as operations from '.';

const SOURCES = import.meta.glob<string>('./*/*.ts', { eager: true, query: '?raw', import: 'default' });
const WGSL = import.meta.glob<string>('/shaders/*/*.wgsl', { eager: true, query: '?raw', import: 'default' });
const SHADERS = Object.keys(WGSL).filter((path) => !path.startsWith('/shaders/shared/'));
const PIECES = Object.keys(WGSL).filter((path) => path.startsWith('/shaders/shared/'));

const sources = Object.entries(SOURCES).filter(([path]) => !path.includes('.test.'));
const matches = (pattern: RegExp): string[] =>
  sources.flatMap(([, source]) => [...source.matchAll(pattern)].map((match) => match[1]!));

describe('the kernels', () => {
  it('all have an implementation on webgpu and a reference on cpu', () => {
    expect(Object.keys(operations).length).toBeGreaterThan(10);
    const names = matches(/defineKernel(?:<[^(]*>)?\(\{\s*name: '(\w+)'/g);
    expect(names.length).toBeGreaterThan(20);
    for (const backend of ['webgpu', 'cpu']) {
      const registered = new Set(tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName));
      expect(names.filter((name) => !registered.has(name))).toEqual([]);
    }
  });

  it('use every shader', () => {
    const imported = new Set(matches(/from '(?:\.\.\/)+shaders\/\w+\/(\w+\.wgsl)'/g));
    const unused = SHADERS.map((path) => path.split('/').at(-1)!).filter((file) => !imported.has(file));
    expect(unused).toEqual([]);
  });

  it('have names of their own', () => {
    const names = matches(/defineKernel(?:<[^(]*>)?\(\{\s*name: '(\w+)'/g);
    expect(names).toHaveLength(new Set(names).size);
  });
});

describe('the shaders', () => {
  it('open with how their work is cut, in words and numbers', () => {
    for (const path of SHADERS) {
      const heading = WGSL[path]!.slice(0, WGSL[path]!.search(/^[^/\n]/m));
      expect(heading.split('\n').length, path).toBeGreaterThan(3);
      expect(heading, path).toMatch(/\d/);
    }
  });

  it('import every declaration of every shared piece, directly or through another', () => {
    const texts = Object.entries(WGSL);
    const unused = PIECES.flatMap((path) => {
      const declared = [...WGSL[path]!.matchAll(/^(?:fn|struct|const|override|var<\w+>) (\w+)/gm)];
      return declared
        .map(([, name]) => name!)
        .filter((name) => {
          const named = new RegExp(`\\b${name}\\b`, 'g');
          const elsewhere = texts.some(
            ([other, text]) => other !== path && importsOf(text, path).includes(name),
          );
          return !elsewhere && withoutComments(WGSL[path]!).match(named)!.length < 2;
        })
        .map((name) => `${path} ${name}`);
    });
    expect(unused).toEqual([]);
  });

  it('write no function twice', () => {
    const owners = new Map<string, string>();
    for (const [path, text] of Object.entries(WGSL)) {
      for (const [, name, body] of withoutComments(text).matchAll(/^fn (\w+)\([^{]*\{\n(.*?)^\}/gms)) {
        const key = body!.replace(/\s+/g, ' ').trim();
        expect(`${owners.get(key) ?? 'no other shader'} has the body of ${path} ${name}`).toMatch(
          /^no other/,
        );
        owners.set(key, `${path} ${name}`);
      }
    }
    expect(owners.size).toBeGreaterThan(60);
  });
});

/** What a shader imports from a piece. */
function importsOf(text: string, path: string): string[] {
  const piece = path.split('/').at(-1)!.replace('.wgsl', '');
  const [, names] = new RegExp(`^import package::shared::${piece}::\\{?([^};]+)`, 'm').exec(text) ?? [];
  return names?.split(/,\s*/) ?? [];
}
