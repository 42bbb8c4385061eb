// The package as another program meets it: packed, unpacked into an empty folder beside nothing but the dependencies that
// it names, imported by its entries, typed, run as a command, and used by every example. No source file is looked at.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_ARGS, findBrowser } from '../scripts/browser.mjs';

const PROJECT = resolve(import.meta.dirname, '..');
const PARTS = join(PROJECT, 'public/demo/parts');
const run = promisify(execFile);

interface Manifest {
  exports: Record<string, { types: string; default: string } | string>;
  bin: Record<string, string>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}

let home = '';
let installed = '';
let manifest: Manifest;

/** npm as a script, so that no shell is needed on any system. */
async function npm(...args: string[]): Promise<string> {
  const cli = process.env.npm_execpath;
  const { stdout } = cli
    ? await run(process.execPath, [cli, ...args], { cwd: PROJECT, maxBuffer: 2 ** 26 })
    : await run('npm', args, { cwd: PROJECT, maxBuffer: 2 ** 26, shell: process.platform === 'win32' });
  return stdout;
}

/** A Node program in the importer's folder. @returns what it printed */
async function node(...args: string[]): Promise<string> {
  try {
    return (await run(process.execPath, args, { cwd: home, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** The first files of a folder. */
async function copyFew(from: string, to: string, count: number): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of (await readdir(from)).sort().slice(0, count)) await cp(join(from, name), join(to, name));
}

const lastLine = (text: string): unknown => JSON.parse(text.trim().split('\n').at(-1)!);

async function link(name: string): Promise<void> {
  const target = join(home, 'node_modules', name);
  await mkdir(dirname(target), { recursive: true });
  await symlink(join(PROJECT, 'node_modules', name), target, 'junction');
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'grad-importer-'));
  await npm('pack', '--silent', '--pack-destination', home);
  const [tarball] = (await readdir(home)).filter((name) => name.endsWith('.tgz'));
  installed = join(home, 'node_modules/grad-playground');
  await mkdir(installed, { recursive: true });
  await run(
    'tar',
    ['-xzf', tarball!, '-C', join('node_modules', 'grad-playground'), '--strip-components=1'],
    {
      cwd: home,
    },
  );
  manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Manifest;
  const { dependencies, peerDependencies, optionalDependencies } = manifest;
  const names = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  for (const name of names) await link(name);
  await writeFile(join(home, 'package.json'), '{ "type": "module", "private": true }');
  await cp(join(PROJECT, 'examples'), home, { recursive: true, filter: (path) => !path.endsWith('.ts') });
});

afterAll(() => rm(home, { recursive: true, force: true }));

const entries = () => Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'));
const specifier = (path: string) => `grad-playground${path.slice(1)}`;

describe('the package', () => {
  it('holds what it needs and nothing else', async () => {
    const files = await readdir(installed, { recursive: true });
    const unexpected = files.filter((file) =>
      /(^|\/)(src|e2e|goldens|node_modules|demo|test)(\/|$)|\.test\./.test(file),
    );
    expect(unexpected).toEqual([]);
    expect(files).toContain(join('public', 'weights', 'mini_resnet.safetensors'));
    expect(files).toContain('LICENSE');
  });

  it('is imported by every entry', async () => {
    const script = `for (const name of ${JSON.stringify(entries().map(specifier))}) {
      const { length } = Object.keys(await import(name));
      if (length === 0) throw new Error(name + ' exports nothing');
      console.log(name, length);
    }
    process.exit(0);`;
    await writeFile(join(home, 'entries.mjs'), script);
    expect((await node('entries.mjs')).trim().split('\n')).toHaveLength(entries().length);
  });

  it('brings types for every entry', async () => {
    const imports = entries().map((path, i) => `import * as m${i} from '${specifier(path)}';`);
    const uses = entries().map((_, i) => `console.log(m${i});`);
    const kernel = `import * as tf from '@tensorflow/tfjs';
      import { gridSample } from 'grad-playground/kernels';
      const sampled: tf.Tensor2D = gridSample(tf.zeros<tf.Rank.R3>([2, 2, 1]), tf.zeros<tf.Rank.R2>([4, 2]));
      // @ts-expect-error a table has three dimensions
      gridSample(tf.zeros<tf.Rank.R2>([2, 2]), sampled);`;
    await writeFile(join(home, 'types.ts'), [...imports, ...uses, kernel].join('\n'));
    const options = {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2023', 'dom', 'dom.iterable'],
      noEmit: true,
      // tfjs's own declarations disagree with those of the DOM.
      skipLibCheck: true,
      types: [],
    };
    await writeFile(
      join(home, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files: ['types.ts'] }),
    );
    await node(join(PROJECT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json');
  });

  it('computes on the CPU backend without WebGPU', async () => {
    const script = `import * as tf from '@tensorflow/tfjs';
      import { gridSample } from 'grad-playground/kernels';
      await tf.setBackend('cpu');
      const gradient = tf.grad((table) => gridSample(table, tf.tensor2d([[0, 0]])).sum());
      console.log(JSON.stringify([...(await gradient(tf.ones([2, 2, 1])).data())]));`;
    await writeFile(join(home, 'cpu.mjs'), script);
    expect(lastLine(await node('cpu.mjs'))).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('evaluates a data set by its command, with the bundled weights', async () => {
    const grad = join(installed, manifest.bin['grad']!);
    const json = join(home, 'result.json');
    const limits = ['--train-limit', '4', '--test-limit', '4', '--epochs', '1,1'];
    await node(
      grad,
      'evaluate',
      '--data',
      PARTS,
      '--preset',
      'demo',
      ...limits,
      '--size',
      '64',
      '--json',
      json,
    );
    const { image_auroc } = (JSON.parse(await readFile(json, 'utf8')) as { metrics: { image_auroc: number } })
      .metrics;
    expect(image_auroc).toBeGreaterThanOrEqual(0);
  });
});

describe('the examples', () => {
  it('train both grids on a folder and write maps', async () => {
    const result = lastLine(await node('train-on-folder/main.mjs', PARTS, 'maps', '1')) as Record<
      string,
      number
    >;
    expect(result['steps']).toBeGreaterThan(2);
    const maps = (await readdir(join(home, 'maps'))).filter((name) => name.endsWith('.npy'));
    expect(maps.length).toBeGreaterThan(10);
    expect((await readFile(join(home, 'maps', maps[0]!))).length).toBe(128 + 4 * 64 * 64);
  });

  it('fit PatchCore on the features of a ResNet', async () => {
    const few = join(home, 'few-parts');
    // Of a kind two: a software adapter takes half a second for the features of one image.
    await copyFew(join(PARTS, 'train/good'), join(few, 'train/good'), 10);
    for (const type of await readdir(join(PARTS, 'test')))
      await copyFew(join(PARTS, 'test', type), join(few, 'test', type), 2);
    const { images, image_auroc } = lastLine(await node('patchcore-resnet/main.mjs', few)) as Record<
      string,
      number
    >;
    expect(images).toBeGreaterThan(8);
    expect(image_auroc).toBeGreaterThan(0.7);
  });

  it('learn a table by sampling it, in a page', async () => {
    const root = join(home, 'grid-sampling');
    await build({ root, base: './', logLevel: 'error', configFile: false, build: { target: 'es2023' } });
    const server = await preview({ root, configFile: false, logLevel: 'error' });
    const browser = await chromium.launch({ executablePath: findBrowser() ?? undefined, args: BROWSER_ARGS });
    try {
      const page = await browser.newPage();
      await page.goto(server.resolvedUrls!.local[0]!);
      const log = page.locator('#log');
      await expect.poll(() => log.textContent(), { timeout: 120_000 }).not.toMatch(/Learning/);
      const { backend, first, last } = JSON.parse((await log.textContent())!) as Record<string, number>;
      expect(backend).toBe('webgpu');
      expect(last).toBeLessThan(first! / 4);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
