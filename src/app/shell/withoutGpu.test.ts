// A graphics device that is lost again and again, under a training: the processor takes over, with all work.
import { beforeEach, expect, it, vi } from 'vitest';
import type { Engine, EngineEvent } from '../../engine/api/types';
import { createMockEngine } from '../../testing/mockEngine';
import { until } from '../../testing/until';
import { addFiles } from '../images/own';
import { start } from '../training/actions';
import { initialState } from './appState';
import { startEngine } from './startEngine';
import { getState, patch, setState } from './store';

const opened: (string | undefined)[] = [];
/** Of the engine in use. */
let listeners: ((event: EngineEvent) => void)[] = [];

vi.mock('../../engine/api/client', async (original) => ({
  ...(await original<object>()),
  createEngineClient: (): Engine => {
    const engine = createMockEngine();
    listeners = [];
    return {
      ...engine,
      open: (request) => (opened.push(request.without), engine.open(request)),
      subscribe: (listener) => (listeners.push(listener), engine.subscribe(listener)),
    };
  },
}));

beforeEach(async () => {
  vi.stubGlobal('location', { search: '' });
  setState(initialState());
  setState(({ params }) => ({ params: { ...params, epochs1: 8, epochs2: 1 } }));
  patch('data', { status: 'ready' });
  await startEngine();
  const photos = Array.from({ length: 4 }, (_, i) => ({ path: `p${i}.png`, file: new File([`${i}`], `p${i}.png`) })); // oxfmt-ignore
  await addFiles(photos, 'train');
});

it(
  'the third loss in a row hands a training to the processor, which ends it',
  { timeout: 30_000 },
  async () => {
    void start();
    await until(() => (getState().training.progress?.step ?? 0) > 1);
    let recent = 0;
    const lose = () => {
      recent++;
      for (const listener of listeners) listener({ kind: 'lost', reason: 'reset', recovered: true, recent });
    };
    lose();
    lose();
    expect(opened).toEqual([undefined]);
    lose();
    await until(() => opened.length > 1);
    expect(opened).toEqual([undefined, 'gpu']);
    await until(() => getState().scores.status === 'ready');
    expect(getState()).toMatchObject({
      training: { status: 'finished' },
      engine: { status: 'ready' },
      kept: { resumable: null },
    });
    expect(Object.values(getState().data.images)).toHaveLength(4);
    expect(
      getState()
        .notices.list.map(({ message }) => message)
        .join(),
    ).toContain('From now on the processor');
    expect(getState().notices.list.filter(({ tone }) => tone === 'error')).toEqual([]);
  },
);
