// A comparison from folder to tables, on an engine without a GPU.
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultParams, type Params } from '../../settings/table';
import { presetParams } from '../../settings/presets';
import { FileUnwritable, UnfitData } from '../errors';
import { disk } from '../output/disk';
import { openScene, type Scene } from '../testing/comparing';
import type { FakeEngine } from '../testing/fakeEngine';
import { quietTerminal } from '../testing/quietTerminal';
import { BadComparison, ConfigurationChanged, NoComparison, RunsFailed } from './errors';
import { mergeFolder } from './merge';
import { identityOf } from './runDocument';
import type { CompareRequest } from './tasks';
import { readMethods } from './variants';

let scene: Scene;
let folder = '';
beforeEach(async () => {
  scene = await openScene();
  folder = scene.folder;
  // Digests that are kept must not outlive the test.
  vi.stubEnv('GRAD_CACHE', join(folder, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await scene.remove();
});

const out = () => scene.out;
const run: Scene['run'] = (...args) => scene.run(...args);
const layPicture: Scene['layPicture'] = (...args) => scene.layPicture(...args);
const readJson: Scene['readJson'] = (path) => scene.readJson(path);

/** Makes the training of a method throw. */
const failing = (method: string, thrown: () => Error) => (engine: FakeEngine) => {
  let current: Params | null = null;
  const { configure } = engine;
  engine.configure = (params) => {
    current = params;
    return configure(params);
  };
  engine.during('train', () => {
    if (current?.method === method) throw thrown();
  });
};

describe('compare', () => {
  it('runs classes x methods x seeds and leaves one table in three forms', async () => {
    const { error, terminal, count, configured } = await run();
    expect(error).toBeNull();
    expect(count('train')).toBe(8);
    expect(new Set(configured.map(({ input }) => (input as Params).seed))).toEqual(new Set([0, 1]));
    const table = await readJson('table.json');
    expect(table['per_class']).toMatchObject({
      nut: { grad: { seeds: [0, 1], image_auroc: { mean: 1, std: 0 } } },
    });
    expect(table['missing']).toEqual([]);
    expect(await readFile(join(out(), 'table.csv'), 'utf8')).toContain('mean,grad,image_auroc,1,0');
    expect(await readFile(join(out(), 'table.tex'), 'utf8')).toContain('\\textbf{100.0}');
    expect(terminal.output).toMatch(/nut\n {2}normal-grid +100\.0±0\.0/);
    expect(terminal.output).toContain('points ahead of normal-grid');
    expect(terminal.errors).toContain('8/8 nut, grad, seed 1: image AUROC 100.0');
  });

  it('writes each run as evaluate does, and more', async () => {
    await run({ seeds: [3] });
    const document = await readJson('runs/nut/grad/seed-3.json');
    expect(document).toMatchObject({
      schema: 1,
      config: { method: 'grad', seed: 3, train_images: 2, test_images: 4 },
      metrics: { image_auroc: 1, pixel_auroc: null },
      per_type: { crack: { n: 2 } },
      run: { class: 'nut', method: 'grad', seed: 3 },
    });
    expect(
      (document['samples'] as unknown as { all: { image_auroc: number[] } }).all.image_auroc,
    ).toHaveLength(1000);
  });

  it('writes how the files were read, those of the class, and draws the line from validation images', async () => {
    await layPicture('data/nut/validation/good/v.png', 9);
    const threshold = { from: 'quantile', q: 1 } as const;
    const { error, engines } = await run({
      variants: readMethods('grad'),
      seeds: [0],
      threshold,
      holdOut: 0.5,
    });
    expect(error).toBeNull();
    const nut = await readJson('runs/nut/grad/seed-0.json');
    expect(nut).toMatchObject({
      config: { train_images: 2, held_out_images: 1, threshold_from: 'quantile:1' },
      threshold: { source: 'quantile of normal images' },
      threshold_evidence: { normal_images: 1 },
      reading: { layout: 'mvtec', rules: null },
    });
    const { folders } = nut['reading'] as unknown as {
      folders: { folder: string; as: string; class: string }[];
    };
    expect(folders.map(({ folder, as, class: name }) => [folder, as, name])).toContainEqual(['nut/validation/good', 'validation', 'nut']); // prettier-ignore
    expect(folders.some(({ folder }) => folder.startsWith('cap'))).toBe(false);
    // The other class has no such folder: a share of its training images serves.
    expect(await readJson('runs/cap/grad/seed-0.json')).toMatchObject({ config: { train_images: 1, held_out_images: 1 } }); // prettier-ignore
    const added = engines[0]!.calls.filter(({ name }) => name === 'addImages').flatMap(({ input }) => input as { name: string; split: string }[]); // prettier-ignore
    expect(added.find(({ name }) => name === 'nut/validation/good/v.png')!.split).toBe('validation');
  });

  it('computes the features of a class once, loads weights once, and lets images of other classes go', async () => {
    const { engines, count } = await run();
    expect(engines).toHaveLength(1);
    expect(count('loadBackbone')).toBe(1);
    expect(count('addImages')).toBe(2);
    const removed = engines[0]!.calls.filter(({ name }) => name === 'removeImages').at(-1)!.input;
    expect(removed).toHaveLength(6);
  });

  it('hands over real anomalies with masks where a run learns from them, and only then', async () => {
    await layPicture('data/nut/train/crack/c.png', 2);
    await layPicture('data/nut/ground_truth/crack/c_mask.png', 2);
    const added = async (changes: Partial<CompareRequest>) => {
      const { engines } = await run({ variants: readMethods('grad'), seeds: [0], rerun: true, ...changes });
      const calls = engines[0]!.calls.filter(({ name }) => name === 'addImages');
      return calls.flatMap(({ input }) => (input as { name: string }[]).map(({ name }) => name));
    };
    expect(await added({})).not.toContain('nut/train/crack/c.png');
    const params = { ...presetParams('demo'), anomalySource: 'masks' as const };
    expect(await added({ params, trainLimit: 1 })).toContain('nut/train/crack/c.png');
  });

  it('asks for no weights on behalf of a method that looks at the pixels', async () => {
    const params = { ...presetParams('demo'), backbone: 'weights-that-are-nowhere.safetensors' };
    const { error, count } = await run({ variants: readMethods('riad'), seeds: [0], params });
    expect(error).toBeNull();
    expect(count('loadBackbone')).toBe(0);
    const mixed = await run({ variants: readMethods('grad,riad'), seeds: [0, 1], rerun: true });
    expect(mixed.error).toBeNull();
    expect(mixed.count('loadBackbone')).toBe(1);
  });

  it('does not run again what is finished, and opens no engine for nothing', async () => {
    await run({ variants: readMethods('grad') });
    const before = await stat(join(out(), 'runs/nut/grad/seed-0.json'));
    const more = await run();
    expect(more.count('train')).toBe(4);
    expect((await stat(join(out(), 'runs/nut/grad/seed-0.json'))).mtimeMs).toBe(before.mtimeMs);
    expect((await run()).engines).toHaveLength(0);
    expect((await readJson('table.json'))['methods']).toEqual(['grad', 'normal-grid']);
  });

  it('takes no half-written run', async () => {
    await run();
    const path = join(out(), 'runs/cap/grad/seed-1.json');
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, 500));
    expect((await run()).count('train')).toBe(1);
    expect((await readJson('runs/cap/grad/seed-1.json'))['metrics']).toBeDefined();
  });

  it('refuses a changed configuration and says what changed, or runs it again on demand', async () => {
    await run();
    const params = { ...presetParams('demo'), blocks: 2 };
    const { error, engines } = await run({ params });
    expect(error).toBeInstanceOf(ConfigurationChanged);
    expect((error as Error).message).toContain('blocks: 1 -> 2');
    expect((error as Error).message).toContain('7 more');
    expect(engines).toHaveLength(0);
    expect((await run({ params, rerun: true })).count('train')).toBe(8);
  });

  it('holds a run good when only a parameter at its default has joined the table since', () => {
    const prints = { images: '', masks: '', split_files: '', test_images: '' };
    const run = { className: 'nut', label: 'grad', seed: 0, params: presetParams('demo') };
    const of = (settings: object) => identityOf(run, prints, { ...settings }, 'weights').fingerprint;
    const { blocks, ...before } = defaultParams();
    expect(of({ ...before, blocks })).toBe(of(before));
    expect(of({ ...before, blocks: blocks + 1 })).not.toBe(of(before));
  });

  it('notices other images under the same names', async () => {
    await run();
    await layPicture('data/cap/test/crack/a.png', 30);
    expect((await run()).error).toBeInstanceOf(ConfigurationChanged);
    expect((await run({ rerun: true })).count('train')).toBe(4);
  });

  it('records a run that fails, goes on with the others, fails at the end, and tries again next time', async () => {
    const { error, terminal, count } = await run(
      {},
      failing('grad', () => new UnfitData('It diverged.', 'Try less.')),
    );
    expect(error).toBeInstanceOf(RunsFailed);
    expect((error as Error).message).toContain('4 of 8 runs failed: cap, grad, seed 0: It diverged.');
    expect(count('train')).toBe(8);
    expect((await readJson('runs/nut/grad/seed-0.json'))['error']).toMatchObject({ name: 'UnfitData' });
    expect(terminal.output).toMatch(/4 failed:\n {2}cap, grad, seed 0/);
    expect((await run()).count('train')).toBe(4);
  });

  it('starts a new engine after a fault of the GPU', async () => {
    let faults = 0;
    const { error, engines, count } = await run({}, (engine) =>
      engine.during('train', () => {
        if (faults++ === 2)
          engine.emit({ kind: 'fault', error: { name: 'GpuFault', message: 'Broken.', remedy: '' } });
      }),
    );
    expect(error).toBeInstanceOf(RunsFailed);
    expect(engines).toHaveLength(2);
    expect(count('train')).toBe(8);
    expect((await readJson('table.json'))['missing']).toHaveLength(1);
  });

  it('shards together make the same table as one command', async () => {
    await run();
    const whole = await readFile(join(out(), 'table.json'), 'utf8');
    await rm(out(), { recursive: true });
    for (const index of [2, 1, 3]) await run({ shard: { index, count: 3 } });
    expect(await readFile(join(out(), 'table.json'), 'utf8')).toBe(whole);
  });

  it('one unified model gives every class its row', async () => {
    const { count } = await run({ unified: true, seeds: [0] });
    expect(count('train')).toBe(2);
    const table = await readJson('table.json');
    expect(Object.keys(table['per_class']!)).toEqual(['cap', 'nut']);
    expect(table['mean']).toMatchObject({ grad: { image_auroc: { mean: 1 } } });
    expect((await run({ seeds: [1] })).error).toBeInstanceOf(BadComparison);
  });

  it('limits apply to each class, with the same images for every seed', async () => {
    const { configured, engines } = await run({ trainLimit: 1, testLimit: 2 });
    expect(configured).toHaveLength(8);
    const added = engines[0]!.calls
      .filter(({ name }) => name === 'addImages')
      .map(({ input }) => input as unknown[]);
    expect(added.map(({ length }) => length)).toEqual([3, 3]);
  });

  it('a folder of one class has its own name in the table, and no mean', async () => {
    await run({ data: join(folder, 'data/nut'), seeds: [0] });
    const table = await readJson('table.json');
    expect(Object.keys(table['per_class']!)).toEqual(['nut']);
    expect(table['mean']).toBeNull();
  });

  it('refuses before any run: a folder that cannot be written, a class without test images', async () => {
    await writeFile(join(folder, 'file'), '');
    expect((await run({ out: join(folder, 'file/out') })).error).toBeInstanceOf(FileUnwritable);
    await layPicture('data/lid/train/good/a.png', 2);
    expect((await run()).error).toBeInstanceOf(UnfitData);
  });
});

describe('two commands in one folder', () => {
  const methodsIn = async () => (await readJson('table.json'))['methods'];

  it('at once leave one table of both', async () => {
    const both = [run({ variants: readMethods('grad') }), run({ variants: readMethods('normal-grid') })];
    expect((await Promise.all(both)).map(({ error }) => error)).toEqual([null, null]);
    expect(new Set(await methodsIn())).toEqual(new Set(['grad', 'normal-grid']));
    expect((await readJson('table.json'))['missing']).toEqual([]);
  });

  it('lose nothing when one writes what both have asked for without knowing of the other', async () => {
    await run({ variants: readMethods('grad') });
    const alone = await readFile(join(out(), 'comparison.json'));
    await run({ variants: readMethods('normal-grid') });
    await writeFile(join(out(), 'comparison.json'), alone);
    await mergeFolder(out(), quietTerminal());
    expect(await methodsIn()).toEqual(['grad', 'normal-grid']);
  });

  it('make the table anew when the other has ended a run meanwhile', async () => {
    await run({ shard: { index: 1, count: 2 } });
    const { rename } = disk;
    // The second half of the runs ends after the first command has read them, before it writes its table.
    disk.rename = async (from, to) => {
      if (to.endsWith('table.json')) {
        disk.rename = rename;
        await run({ shard: { index: 2, count: 2 } });
      }
      await rename(from, to);
    };
    await mergeFolder(out(), quietTerminal());
    expect((await readJson('table.json'))['missing']).toEqual([]);
  });

  /** Runs a command during whose first training another runs from its start to its end. */
  async function interruptedBy(other: Partial<CompareRequest>) {
    let trained = 0;
    let second: Awaited<ReturnType<typeof run>> | null = null;
    const { error, terminal } = await run({}, (engine) => {
      const { train } = engine;
      engine.train = async (input) => {
        trained++;
        second ??= await run(other);
        return train(input);
      };
    });
    expect(second!.error).toBeNull();
    return { error, terminal, trained };
  }

  it('do not do again what the other has done meanwhile', async () => {
    const { error, terminal, trained } = await interruptedBy({ variants: readMethods('grad') });
    expect([error, trained]).toEqual([null, 4]);
    expect(terminal.errors).toContain('cap, grad, seed 0: done by another command meanwhile');
    expect((await readJson('table.json'))['missing']).toEqual([]);
  });

  it('do not write over each other’s runs of another configuration', async () => {
    const params = { ...presetParams('demo'), blocks: 2 };
    const { error, trained } = await interruptedBy({ params });
    expect(error).toBeInstanceOf(RunsFailed);
    expect((error as Error).message).toContain('another command has done it');
    expect(trained).toBe(1);
    expect((await readJson('runs/cap/grad/seed-0.json'))['config']).toMatchObject({ blocks: 2 });
  });

  it('are refused when one is unified and the other is not, also at once', async () => {
    const both = await Promise.all([run({ unified: true }), run()]);
    const errors = both.map(({ error }) => error).filter((error) => error !== null);
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toBeInstanceOf(BadComparison);
  });
});

describe('compare --merge', () => {
  it('makes the table of what is there and says what is missing', async () => {
    await run({ shard: { index: 1, count: 2 } });
    const terminal = quietTerminal();
    expect(await mergeFolder(out(), terminal)).toMatchObject({ missing: 4, failures: [] });
    expect(terminal.output).toMatch(/4 missing:\n {2}nut, normal-grid, seed 0/);
  });

  it('refuses a folder without a comparison', async () => {
    await expect(mergeFolder(out(), quietTerminal())).rejects.toThrow(NoComparison);
    await mkdir(out());
    await writeFile(join(out(), 'comparison.json'), '{"schema": 99}');
    await expect(mergeFolder(out(), quietTerminal())).rejects.toThrow(/schema is 99/);
  });
});
