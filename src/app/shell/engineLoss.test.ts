// The page when the thread that computes ends under it: the real client over a channel, with the fake engine at its other
// end. Nothing of the visitor's is lost, nothing waits for ever, and the next engine takes it up.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, type Port } from '../../engine/api/client';
import { serve, type ServePort } from '../../engine/api/serve';
import type { Engine } from '../../engine/api/types';
import { createMockEngine } from '../../testing/mockEngine';
import { until } from '../../testing/until';
import { measureDetectability } from '../compare/blocks';
import { choose, clearComparison, readMaps } from '../compare/compareView';
import { runComparison } from '../compare/run';
import { labelImages } from '../images/edits';
import { addFiles } from '../images/own';
import { resumeRun, start } from '../training/actions';
import { initialState } from './appState';
import { engine } from './engineLink';
import { imagesOf } from './selectors';
import { restartEngine, startEngine } from './startEngine';
import { getState, patch, setState } from './store';

const channels: MessageChannel[] = [];
let end: () => void;

/** A client whose worker ends when the test says so: from then on nothing of it arrives. */
function endable(): Engine {
  const pair = new MessageChannel();
  channels.push(pair);
  serve(createMockEngine(), pair.port2 as unknown as ServePort);
  let over = () => undefined as void;
  const client = connect(pair.port1 as unknown as Port, { watch: (_, onEnd) => void (over = onEnd) });
  pair.port2.postMessage({ lifeline: 'its' });
  end = () => {
    pair.port2.close();
    over();
  };
  return client;
}

vi.mock('../../engine/api/client', async (original) => ({
  ...(await original<object>()),
  createEngineClient: () => endable(),
}));

const photos = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ path: `p${i}.png`, file: new File([`${i}`], `p${i}.png`) }));
const images = () => Object.values(getState().data.images);
const failures = () => getState().notices.list.filter(({ tone }) => tone === 'error');

beforeEach(async () => {
  vi.stubGlobal('location', { search: '' });
  setState(initialState());
  setState(({ params }) => ({ params: { ...params, epochs1: 1, epochs2: 1 } }));
  patch('data', { status: 'ready' });
  await startEngine();
  await addFiles(photos(6), 'train');
});
afterEach(() => {
  vi.unstubAllGlobals();
  channels.splice(0).forEach(({ port1, port2 }) => (port1.close(), port2.close()));
});

// The fake engine's runs take a second or so, more on a machine with much to do.
describe('the end of the computing thread', { timeout: 30_000 }, () => {
  it('in a training leaves its last checkpoint, from which the next engine goes on', async () => {
    setState(({ params }) => ({ params: { ...params, epochs1: 8 } }));
    void start();
    await until(() => (getState().training.progress?.step ?? 0) > 1);
    end();
    await until(() => getState().kept.resumable !== null);
    expect(getState()).toMatchObject({
      engine: { status: 'lost', error: { name: 'EngineLost' } },
      training: { status: 'failed' },
    });
    const { step } = getState().kept.resumable!;
    expect(step).toBeGreaterThan(0);
    await restartEngine();
    await resumeRun();
    await until(() => getState().scores.status === 'ready');
    expect(getState()).toMatchObject({ training: { status: 'finished' }, kept: { resumable: null } });
    expect(failures()).toEqual([]);
  });

  it('after a training leaves the model, and scores that were under way come', async () => {
    await start();
    await until(() => getState().scores.status === 'ready');
    const file = new Uint8Array(await engine()!.saveModel(undefined));
    patch('scores', { status: 'stale' });
    end();
    await until(() => getState().engine.status === 'lost');
    await restartEngine();
    expect(getState()).toMatchObject({ model: { source: 'trained' }, scores: { status: 'ready' } });
    expect(new Uint8Array(await engine()!.saveModel(undefined))).toEqual(file);
    expect(failures()).toEqual([]);
  });

  it('while images are handed over refuses none of them', async () => {
    const adding = addFiles(photos(30), 'train');
    await until(() => getState().data.adding !== null);
    end();
    await adding;
    expect(getState().data.refusals).toEqual([]);
    await restartEngine();
    expect(images().length).toBeGreaterThanOrEqual(30);
    expect(images().every(({ status }) => status === 'ready')).toBe(true);
  });

  it('under the chart is no failure of the chart', async () => {
    await start();
    await until(() => getState().scores.status === 'ready');
    await labelImages(imagesOf(getState().data, 'train').map(({ id }) => id), 0); // prettier-ignore
    const measuring = measureDetectability();
    end();
    await measuring;
    expect(getState().compare.detectability.status).toBe('none');
    await restartEngine();
    await measureDetectability();
    expect(getState().compare.detectability.status).toBe('ready');
  });

  it('in a comparison keeps what is in the table and runs the rest later', async () => {
    await addFiles(photos(4), 'test');
    choose({ methods: ['normal-grid', 'padim'], seeds: 1 });
    const comparing = runComparison();
    await until(() => getState().compare.runs.length === 1);
    end();
    await comparing;
    const names = () => getState().compare.runs.map(({ name, error }) => `${name}${error ? ' failed' : ''}`);
    expect(names()).toEqual(['normal-grid, seed 0']);
    expect(getState().compare.status).toBe('idle');
    expect(getState().notices.list.at(-1)!.message).toContain('cut off in run 2 of 2');
    await restartEngine();
    await runComparison();
    expect(names().sort()).toEqual(['normal-grid, seed 0', 'padim, seed 0']);
    expect(failures()).toEqual([]);
  });

  it('after a comparison leaves its models to the next engine', async () => {
    await addFiles(photos(4), 'test');
    choose({ methods: ['normal-grid', 'padim'], seeds: 1 });
    await runComparison();
    const { runs } = getState().compare;
    const image = imagesOf(getState().data, 'test')[0]!.id;
    const maps = await readMaps(image, runs);
    expect(maps!.map(({ missing }) => missing)).toEqual([null, null]);
    end();
    await until(() => getState().engine.status === 'lost');
    await restartEngine();
    expect(getState().compare.stashed).toEqual(runs.map(({ name }) => name));
    expect(await readMaps(image, runs)).toEqual(maps);
    await clearComparison();
    expect((await readMaps(image, runs))!.map(({ missing }) => missing)).toEqual(['model', 'model']);
    expect(failures()).toEqual([]);
  });
});
