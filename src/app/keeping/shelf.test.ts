// Several sets of the user's own over a reload: all of them are kept, each with its images, its name and its model.
import { beforeEach, expect, it, vi } from 'vitest';

const stored = vi.hoisted(() => new Map<string, unknown>());
vi.mock('idb-keyval', () => ({
  createStore: () => null,
  get: async (key: string) => stored.get(key),
  set: async (key: string, value: unknown) => void stored.set(key, value),
  setMany: async (all: [string, unknown][]) => all.forEach(([key, value]) => stored.set(key, value)),
  delMany: async (keys: string[]) => keys.forEach((key) => stored.delete(key)),
  keys: async () => [...stored.keys()],
}));

import { until } from '../../testing/until';
import { addFiles } from '../images/own';
import { openOwnSet, removeOwnSet } from '../images/ownSets';
import { shelved } from '../images/shelf';
import { startOwnSet } from '../images/sets';
import { getState } from '../shell/store';
import { openMockPage } from '../testing/mockPage';
import { start } from '../training/actions';
import { loadShelf, restoreOwnImages, startKeeping } from './kept';

const file = (path: string) => ({ path, file: new File([path], path.split('/').at(-1)!) });
const bring = (...paths: string[]) => addFiles(paths.map(file), 'train');
const lists = () =>
  [stored.get('list'), ...((stored.get('shelf') ?? []) as unknown[])] as { title: string }[];
const titles = () => lists().map((list) => list?.title);

async function reload(): Promise<void> {
  shelved.clear();
  await openMockPage({ epochs1: 1, epochs2: 1 });
  await restoreOwnImages();
  await loadShelf();
}

startKeeping();
beforeEach(async () => {
  stored.clear();
  shelved.clear();
  await openMockPage({ epochs1: 1, epochs2: 1 });
});

it('brings every set back, and the model of the one that had left', async () => {
  await bring('bolt/0.png', 'bolt/1.png');
  await start();
  await until(() => stored.has('model'));
  const { dataset } = getState().params;
  await startOwnSet({ title: 'nut' });
  await bring('nut/7.png');
  await start();
  await until(() => titles().join() === 'nut,bolt' && stored.has(`model/${dataset}`));
  await reload();
  expect(getState().data.shelf).toMatchObject([
    { title: 'nut', images: 1 },
    { title: 'bolt', images: 2 },
  ]);
  await openOwnSet(getState().data.shelf[1]!.key);
  await until(() => Object.values(getState().data.images).every(({ status }) => status === 'ready'));
  expect([getState().data.set.title, getState().params.dataset]).toEqual(['bolt', dataset]);
  expect(getState().model.source).toBe('trained');
  await until(() => titles().join() === 'bolt,nut');
});

it('forgets a set that was taken out, with its files, once it can no longer be had back', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  try {
    await bring('bolt/0.png');
    await startOwnSet({ title: 'nut' });
    await bring('nut/7.png');
    await vi.advanceTimersByTimeAsync(1000);
    expect(titles()).toEqual(['nut', 'bolt']);
    await removeOwnSet();
    await vi.advanceTimersByTimeAsync(14_000);
    expect(titles()).toEqual(['bolt']);
    expect([...stored.keys()].filter((key) => key.startsWith('file/'))).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});
