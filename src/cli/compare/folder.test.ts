// Result folders: those of before are read, and what is no run counts as absent.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NoComparison } from './errors';
import { readPlan, readRun } from './folder';
import { isFailed, resultsOf } from './runDocument';

const BEFORE = resolve('src/cli/compare/fixtures');

describe('a result folder of before', () => {
  it('says what belongs to its table', async () => {
    expect(await readPlan(BEFORE)).toEqual({
      ...{ data: 'data', unified: false, sets: ['cap', 'nut'], classes: ['cap', 'nut'] },
      ...{ methods: ['normal-grid', 'grad'], seeds: [0] },
    });
  });

  it('has a finished run with its figures and resamples', async () => {
    const run = await readRun(BEFORE, 'runs/nut/grad/seed-0.json');
    if (!run || isFailed(run)) throw new Error('it is a finished run');
    const [result] = resultsOf(run);
    expect(result).toMatchObject({ className: 'nut', method: 'grad', seed: 0, metrics: run.metrics });
    expect(result!.samples!.image_auroc).toBeInstanceOf(Float32Array);
  });

  it('has a run that failed, and why', async () => {
    const run = await readRun(BEFORE, 'runs/nut/normal-grid/seed-0.json');
    expect(run).toMatchObject({ run: { method: 'normal-grid' }, error: { name: 'OutOfMemory' } });
  });
});

describe('a damaged result folder', () => {
  let folder = '';
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'grad-folder-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const write = (name: string, content: unknown) =>
    writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

  it.each(['{', '3', 'null', '[]', '{"schema": 1}', '{"schema": 1, "run": {"fingerprint": 3}}'])(
    'has no run in %s',
    async (content) => {
      await write('run.json', content);
      expect(await readRun(folder, 'run.json')).toBeNull();
    },
  );

  it.each([
    '{',
    'null',
    { schema: 2, classes: [], methods: [], seeds: [], sets: [] },
    { schema: 1, classes: [], methods: [], seeds: [] },
  ])('holds no comparison with %j', async (content) => {
    await write('comparison.json', content);
    await expect(readPlan(folder)).rejects.toThrow(NoComparison);
  });
});
