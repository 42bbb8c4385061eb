// Yesterday's figures never stand for today's data, weights or program: whatever changed, however well hidden.
import { cp, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PROGRAM } from '../../report/plan';
import { bundledPath } from '../root';
import { openScene, type Scene } from '../testing/comparing';
import { quietTerminal } from '../testing/quietTerminal';
import { BadComparison, ConfigurationChanged, RunsDisagree, RunsFailed } from './errors';
import { mergeFolder } from './merge';
import { readMethods } from './variants';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  vi.stubEnv('GRAD_CACHE', join(scene.folder, 'cache'));
  for (const name of ['nut', 'cap']) await write(`${name}/ground_truth/crack/a_mask.png`, 'mask A');
  await write('nut/test/good/a.png', 'picture A');
  await write('nut/train/good/a.png', 'picture A');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await scene.remove();
});

const at = (path: string) => join(scene.folder, 'data', path);
/** Anything is an image to the fake engine. */
const write = (path: string, text: string) => writeFile(at(path), text).catch(async (error) => {
    const { writeBytes } = await import('../data/files');
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await writeBytes(at(path), text);
  }); // prettier-ignore
const ONE = { variants: readMethods('grad'), seeds: [0] };

/** Other bytes in as many, with the time stamps of before. */
async function replaceUnseen(path: string, text: string): Promise<void> {
  const { size, atime, mtime } = await stat(path);
  await writeFile(path, text);
  await utimes(path, atime, mtime);
  expect((await stat(path)).size).toBe(size);
}

/** The data set as a zip, without compression, dated as ever: entries of equal length make files of equal length. */
async function zipped(): Promise<string> {
  const path = join(scene.folder, 'data.zip');
  const names = (await readdir(at('.'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(at('.').length + 1));
  const files = await Promise.all(names.map(async (name) => [name, await readFile(at(name))] as const));
  await writeFile(path, zipSync(Object.fromEntries(files), { level: 0, mtime: '2020-01-01' }));
  return path;
}

describe('a finished run does not stand for others', () => {
  it.each([
    ['a mask', 'cap/ground_truth/crack/a_mask.png', 'mask B', 'masks'],
    ['a test image', 'nut/test/good/a.png', 'picture B', 'images'],
    ['a training image', 'nut/train/good/a.png', 'picture B', 'images'],
  ])('when %s has other bytes, in a folder and in a zip', async (_, path, text, words) => {
    await scene.run(ONE);
    await replaceUnseen(at(path), text);
    const { error } = await scene.run(ONE);
    expect(error).toBeInstanceOf(ConfigurationChanged);
    expect((error as Error).message).toContain(words);
    const data = await zipped();
    await scene.run({ ...ONE, data, out: join(scene.folder, 'of-zip') });
    await write(path, text.replace('B', 'C'));
    await zipped();
    const again = await scene.run({ ...ONE, data, out: join(scene.folder, 'of-zip') });
    expect(again.error).toBeInstanceOf(ConfigurationChanged);
  });

  it('when a file was put in the place of another, dates and all', async () => {
    await scene.run(ONE);
    const path = at('nut/test/good/a.png');
    const { atime, mtime } = await stat(path);
    await writeFile(`${path}.other`, 'picture B');
    await utimes(`${path}.other`, atime, mtime);
    await rename(`${path}.other`, path);
    expect((await scene.run(ONE)).error).toBeInstanceOf(ConfigurationChanged);
  });

  it('when the weights have other bytes', async () => {
    const backbone = join(scene.folder, 'mine.safetensors');
    await cp(bundledPath('weights/mini_resnet.safetensors'), backbone);
    const params = { ...(await import('../../settings/presets')).presetParams('demo'), backbone };
    await scene.run({ ...ONE, params });
    const bytes = await readFile(backbone);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(backbone, bytes);
    const { error } = await scene.run({ ...ONE, params });
    expect((error as Error).message).toContain('weights');
  });

  it('when a file changes while it runs: its figures are of nothing that is there', async () => {
    const { error, count } = await scene.run(ONE, (engine) =>
      engine.during('train', () => void write('cap/ground_truth/crack/a_mask.png', 'mask C')),
    );
    expect(error).toBeInstanceOf(RunsFailed);
    expect((error as Error).message).toContain('1 of 2 runs failed: cap');
    expect(count('train')).toBe(2);
    expect((await scene.run(ONE)).count('train')).toBe(1);
  });
});

describe('another version of the program', () => {
  const path = () => join(scene.out, 'runs/nut/grad/seed-0.json');
  const edit = async (change: (run: Record<string, unknown>) => void) => {
    const document = JSON.parse(await readFile(path(), 'utf8')) as { run: Record<string, unknown> };
    change(document.run);
    await writeFile(path(), JSON.stringify(document));
  };

  it('makes its runs again, says so, and keeps those of before beside them', async () => {
    await scene.run(ONE);
    await edit((run) => Object.assign(run, { program: '0.0.9+aaaa', fingerprint: 'other' }));
    const { error, terminal, count } = await scene.run(ONE);
    expect(error).toBeNull();
    expect(count('train')).toBe(1);
    expect(terminal.errors).toContain(
      `1 finished run is made again. It was made by 0.0.9+aaaa; this is ${PROGRAM}`,
    );
    const kept = await scene.readJson('runs/nut/grad/seed-0.0.0.9_aaaa.json');
    expect(kept['run']).toMatchObject({ program: '0.0.9+aaaa' });
    expect((await scene.run(ONE)).engines).toHaveLength(0);
  });

  it('still asks before it makes a run again whose settings are others too', async () => {
    await scene.run(ONE);
    await edit((run) => Object.assign(run, { program: '0.0.9+aaaa', fingerprint: 'other' }));
    const { presetParams } = await import('../../settings/presets');
    const { error } = await scene.run({ ...ONE, params: { ...presetParams('demo'), blocks: 2 } });
    expect((error as Error).message).toContain('blocks: 1 -> 2');
  });

  it('is named below a table that still has its runs', async () => {
    await scene.run(ONE);
    await edit((run) => Object.assign(run, { program: '0.0.9+aaaa', fingerprint: 'other' }));
    const terminal = quietTerminal();
    await mergeFolder(scene.out, terminal);
    expect(terminal.output).toMatch(/1 made by another version[^\n]*:\n {2}nut, grad, seed 0: 0\.0\.9\+aaaa/);
  });

  it('opens a folder of before digests, and says what is made again and why', async () => {
    await cp(resolve('src/cli/compare/fixtures'), scene.out, { recursive: true });
    const terminal = quietTerminal();
    expect(await mergeFolder(scene.out, terminal)).toMatchObject({ failures: [expect.any(String)] });
    expect(terminal.output).toContain('nut, grad, seed 0: before versions were noted');
    const data = JSON.parse(await readFile(path(), 'utf8')) as { config: Record<string, never> };
    const { error, terminal: said, count } = await scene.run({ ...ONE, params: data.config as never });
    expect(error).toBeNull();
    expect(said.errors).toContain('by a version that did not look into the image and mask files');
    expect(count('train')).toBe(2);
    expect((await scene.readJson('runs/nut/grad/seed-0.before.json'))['run']).toBeDefined();
  });
});

describe('compare --verify', () => {
  const tamper = async (
    change: (document: { metrics: Record<string, number>; images: { score: number }[] }) => void,
  ) => {
    const path = join(scene.out, 'runs/nut/grad/seed-0.json');
    const document = JSON.parse(await readFile(path, 'utf8')) as Parameters<typeof change>[0];
    change(document);
    await writeFile(path, JSON.stringify(document));
  };

  it('runs a sample again, writes nothing, and says that it agrees', async () => {
    await scene.run();
    const before = await readFile(join(scene.out, 'runs/nut/grad/seed-0.json'), 'utf8');
    const { error, terminal, count } = await scene.run({ verify: 3 });
    expect(error).toBeNull();
    expect(count('train')).toBe(3);
    expect(terminal.errors.match(/: agrees/g)).toHaveLength(3);
    expect(terminal.output).toContain('3 of 8 finished runs were made again, and agree.');
    expect(await readFile(join(scene.out, 'runs/nut/grad/seed-0.json'), 'utf8')).toBe(before);
  });

  it('verifies all where there are no more, and what is not finished it leaves', async () => {
    await scene.run(ONE);
    const { count, terminal } = await scene.run({ ...ONE, seeds: [0, 1], verify: 9 });
    expect(count('train')).toBe(2);
    expect(terminal.output).toContain('2 of 2');
  });

  it.each([
    ['a figure', (document) => void (document.metrics['image_auroc'] = 0.75), 'image_auroc 75.0 -> 100.0'],
    ['a score', (document) => void (document.images[0]!.score += 1e-9), '1 of 4 scores differ'],
    ['a list of scores', (document) => void delete (document as Partial<typeof document>).images, 'damaged'],
  ] as [string, Parameters<typeof tamper>[0], string][])(
    'fails when %s is not what comes out',
    async (_, change, words) => {
      await scene.run(ONE);
      await tamper(change);
      const { error } = await scene.run({ ...ONE, verify: 2 });
      expect(error).toBeInstanceOf(RunsDisagree);
      expect((error as Error).message).toContain(
        `1 of 2 runs came out otherwise than stored: nut, grad, seed 0:`,
      );
      expect((error as Error).message).toContain(words);
    },
  );

  it('refuses when there is nothing to verify', async () => {
    expect((await scene.run({ verify: 1 })).error).toBeInstanceOf(BadComparison);
  });
});
