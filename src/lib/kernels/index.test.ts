// What holds for all kernels: a CPU reference for each, no shader that nobody runs, no name used twice.
import { describe, expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import * as operations from '.';

const SOURCES = import.meta.glob<string>('./*/*.ts', { eager: true, query: '?raw', import: 'default' });
const SHADERS = Object.keys(import.meta.glob('/shaders/*/*.wgsl'));

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
