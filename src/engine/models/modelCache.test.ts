// The cache keeps within its budgets and gives each model back under its name.
import { describe, expect, it } from 'vitest';
import { ModelCache } from './modelCache';
import type { ModelState } from './modelState';

function cacheWith(budgets: { gpu: number; files: number }) {
  const log: string[] = [];
  const read = async (file: ArrayBuffer) => {
    const name = `m${file.byteLength}`;
    log.push(`read ${name}`);
    return { name, model: { dispose: () => log.push(`dispose ${name}`) } } as unknown as ModelState;
  };
  const cache = new ModelCache(budgets, read);
  const use = (name: string) => cache.use(name, (state) => (state as unknown as { name: string }).name);
  return { cache, log, use };
}

describe('the cache of models', () => {
  it('reads a model once while it stays on the GPU', async () => {
    const { cache, log, use } = cacheWith({ gpu: 100, files: 100 });
    cache.put('a', new ArrayBuffer(10));
    expect([await use('a'), await use('a')]).toEqual(['m10', 'm10']);
    expect(log).toEqual(['read m10']);
  });

  it('takes the longest unused off the GPU, and reads it again when it is wanted', async () => {
    const { cache, log, use } = cacheWith({ gpu: 25, files: 100 });
    [10, 11, 12].forEach((bytes) => cache.put(`${bytes}`, new ArrayBuffer(bytes)));
    for (const name of ['10', '11', '10', '12', '11']) await use(name);
    expect(log).toEqual([
      ...['read m10', 'read m11', 'read m12', 'dispose m11'],
      ...['read m11', 'dispose m10'],
    ]);
  });

  it('gives up the oldest file when all are too many, never the newest', async () => {
    const { cache, use } = cacheWith({ gpu: 100, files: 25 });
    [10, 11, 12].forEach((bytes) => cache.put(`${bytes}`, new ArrayBuffer(bytes)));
    expect(cache.names).toEqual(['11', '12']);
    cache.put('30', new ArrayBuffer(30));
    expect(cache.names).toEqual(['30']);
    expect(await use('12')).toBeNull();
  });

  it('lets go of a model that is put again or dropped', async () => {
    const { cache, log, use } = cacheWith({ gpu: 100, files: 100 });
    cache.put('a', new ArrayBuffer(10));
    await use('a');
    cache.put('a', new ArrayBuffer(11));
    expect(await use('a')).toBe('m11');
    cache.drop(['a', 'b']);
    expect(await use('a')).toBeNull();
    expect(log).toEqual(['read m10', 'dispose m10', 'read m11', 'dispose m11']);
  });

  it('forgets what was on a lost device without touching it', async () => {
    const { cache, log, use } = cacheWith({ gpu: 100, files: 100 });
    cache.put('a', new ArrayBuffer(10));
    await use('a');
    cache.abandon();
    await use('a');
    expect(log).toEqual(['read m10', 'read m10']);
  });

  it('goes on after a file that cannot be read', async () => {
    const { cache, use } = cacheWith({ gpu: 100, files: 100 });
    cache.put('a', new ArrayBuffer(10));
    await expect(
      cache.use('a', () => {
        throw new Error('odd');
      }),
    ).rejects.toThrow('odd');
    expect(await use('a')).toBe('m10');
  });
});
