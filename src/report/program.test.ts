// What a build calls itself: other code is another name, the same code the same.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildName } from '../../scripts/buildName';
import { PROGRAM } from './plan';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'grad-build-'));
  for (const folder of ['src/testing', 'shaders', 'docs'])
    await mkdir(join(root, folder), { recursive: true });
  await cp('package.json', join(root, 'package.json'));
  for (const file of ['src/a.ts', 'shaders/b.wgsl', 'package-lock.json']) await write(file, 'one\ntwo\n');
});
afterAll(() => rm(root, { recursive: true }));
const write = (path: string, text: string) => writeFile(join(root, path), text);

it('names this program by its version and its code', () => {
  expect(PROGRAM).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{12}$/);
});

it('is another name when a source, a shader or a dependency is another', async () => {
  const names = [buildName(root)];
  for (const path of ['src/a.ts', 'shaders/b.wgsl', 'package-lock.json']) {
    await write(path, 'other\n');
    names.push(buildName(root));
  }
  expect(new Set(names).size).toBe(4);
});

it('is the same name with other line ends, tests and words', async () => {
  await write('src/a.ts', 'one\ntwo\n');
  const name = buildName(root);
  await write('src/a.ts', 'one\r\ntwo\r\n');
  for (const path of ['src/a.test.ts', 'src/testing/fake.ts', 'src/notes.md', 'docs/x.ts'])
    await write(path, 'x');
  expect(buildName(root)).toBe(name);
});
