// What is kept must leave room for what comes later; browsers that do not say how much there is are not asked twice.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { initialState } from '../shell/appState';
import { isFull, refreshQuota, requireQuota, NoRoom } from './quota';
import { getState, setState } from '../shell/store';

const browserWith = (usage?: number, quota?: number) =>
  vi.stubGlobal('navigator', {
    storage: { estimate: async () => ({ usage, quota }), persisted: async () => true },
  });

beforeEach(() => setState(initialState()));
afterEach(() => void vi.unstubAllGlobals());

describe('room for images', () => {
  it('is what the store has left, less a tenth for models and checkpoints', async () => {
    browserWith(20e6, 100e6);
    await expect(requireQuota(70e6)).resolves.toBeUndefined();
    await expect(requireQuota(70e6 + 1)).rejects.toThrow(NoRoom);
    expect(getState().kept).toMatchObject({ usage: 20e6, quota: 100e6, persistent: true });
  });

  it('keeps no more than 64 MB of a large store back', async () => {
    browserWith(0, 10_000e6);
    await expect(requireQuota(9_936e6)).resolves.toBeUndefined();
    await expect(requireQuota(9_937e6)).rejects.toThrow(NoRoom);
  });

  it('that is missing is told with what is needed and what is free, never less than nothing', async () => {
    browserWith(99e6, 100e6);
    await expect(requireQuota(3e6)).rejects.toThrow('(3.0 MB needed, 0.0 MB free)');
  });

  it('is taken to be there where the browser does not say', async () => {
    browserWith();
    await expect(requireQuota(1e15)).resolves.toBeUndefined();
    vi.stubGlobal('navigator', {});
    await expect(requireQuota(1e15)).resolves.toBeUndefined();
    expect(await refreshQuota()).toBeNull();
  });
});

it('a full store is known by the browser’s own word for it', () => {
  expect(isFull(new DOMException('full', 'QuotaExceededError'))).toBe(true);
  expect(isFull(new DOMException('private', 'InvalidStateError'))).toBe(false);
});
