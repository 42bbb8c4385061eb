// What an earlier visit kept is read; what does not fit is left out.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const stored = vi.hoisted(() => new Map<string, unknown>());
vi.mock('idb-keyval', () => ({
  createStore: () => null,
  get: async (key: string) => stored.get(key),
}));

import { readRuns } from '../compare/kept';
import { readComparison, readFiles, readList, readModel, readRun, readRunFile } from './database';

type Kept = Record<'list' | 'model' | 'run' | 'comparison', Record<string, unknown>>;
const FIXTURE = readFileSync(resolve('src/app/keeping/fixtures/kept.json'), 'utf8');
/** As the database holds them: bytes are bytes. */
const kept = () =>
  JSON.parse(FIXTURE, (_, value: { buffer?: number[] } | null) =>
    value?.buffer ? Uint8Array.from(value.buffer).buffer : value,
  ) as Kept;

beforeEach(() => {
  stored.clear();
  Object.entries(kept()).forEach(([key, value]) => stored.set(key, value));
});

describe('what an earlier visit kept', () => {
  it('is read: images, model, training, comparison', async () => {
    const { list, model, run, comparison } = kept();
    expect(await readList()).toMatchObject(list);
    expect(await readModel()).toMatchObject(model);
    expect(await readRun()).toMatchObject(run);
    expect((await readRunFile())?.byteLength).toBe(4);
    const found = await readComparison();
    expect(found).toMatchObject({ dataset: comparison['dataset'] });
    expect(readRuns(found!.runs)).toMatchObject(comparison['runs'] as object[]);
  });

  it('is nothing on a first visit', async () => {
    stored.clear();
    const nothing = [readList(), readModel(), readRun(), readRunFile(), readComparison(), readFiles('a')];
    expect(await Promise.all(nothing)).toEqual(nothing.map(() => null));
  });

  it('lacks the images whose record is damaged, and only those', async () => {
    const records = kept().list['records'] as object[];
    stored.set('list', { ...kept().list, records: [{ ...records[0], split: 'both' }, null, records[1]] });
    expect((await readList())?.records).toEqual([records[1]]);
  });

  it('of before there were settings in it has none', async () => {
    stored.set('list', { ...kept().list, params: undefined });
    expect((await readList())?.params).toBeNull();
  });

  it.each(['list', 'model', 'run'] as const)('is as good as none where the %s is damaged', async (key) => {
    const read = { list: readList, model: readModel, run: readRun }[key];
    for (const damaged of [3, {}, [], { ...kept()[key], dataset: 3 }]) {
      stored.set(key, damaged);
      expect(await read()).toBeNull();
    }
  });
});
