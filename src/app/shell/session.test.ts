// The page's actions against the fake engine: images in and out, a run from play to its end. In Node, no browser.
import { beforeEach, describe, expect, it } from 'vitest';
import { patch as patchZip, zipOf } from '../../lib/formats/zip/fixtures/zipBytes';
import { feedEngine } from './feed';
import { labelImages, moveImages, removeImages } from '../images/edits';
import { addFiles } from '../images/own';
import { cancelRun, playOrPause, start, step } from '../training/actions';
import { imagesOf } from './selectors';
import { getState, patch, setState, useApp } from './store';
import { openMockPage } from '../testing/mockPage';
import { until } from '../../testing/until';

const file = (path: string, content = path) => ({ path, file: new File([content], path.split('/').at(-1)!) });
const photos = (count: number) => Array.from({ length: count }, (_, i) => file(`part-${i}.jpg`));

beforeEach(async () => {
  await openMockPage();
});

describe('own images', () => {
  it('start a set of their own, decoded and ready', async () => {
    await addFiles(photos(12), 'train');
    const { data, params } = getState();
    expect(imagesOf(data, 'train')).toHaveLength(12);
    expect(Object.values(data.images).every(({ status }) => status === 'ready')).toBe(true);
    expect(params.dataset).toMatch(/^own-[0-9a-f]{8}$/);
  });

  it('that are refused get one line each, the rest goes on', async () => {
    await addFiles([file('good.png'), file('empty.png', ''), file('notes.txt'), file('set.zip')], 'train');
    const { data } = getState();
    expect(data.order).toHaveLength(1);
    expect(data.refusals.map(({ name }) => name).sort()).toEqual(['empty.png', 'notes.txt', 'set.zip']);
    expect(data.refusals.every(({ message }) => message !== '')).toBe(true);
  });

  it('in MVTec’s layout sort themselves and bring their masks', async () => {
    await addFiles(
      ['train/good/0.png', 'test/dent/0.png', 'ground_truth/dent/0_mask.png'].map((path) =>
        file(`bolt/${path}`),
      ),
      'train',
    );
    const { data } = getState();
    expect(imagesOf(data, 'test')[0]).toMatchObject({ label: 1, type: 'dent' });
    expect(data.order).toHaveLength(2);
  });

  it('whose packed mask is damaged stay, with a line about the mask', async () => {
    const content = new TextEncoder().encode('a picture');
    const paths = ['train/good/0.png', 'test/dent/0.png', 'ground_truth/dent/0_mask.png'];
    const zip = zipOf(Object.fromEntries(paths.map((path) => [path, content])), { level: 0 });
    // The mask's bytes, the last in the file: its checksum no longer fits.
    const at = Buffer.from(zip).lastIndexOf('a picture');
    await addFiles([{ path: 'bolt.zip', file: new File([patchZip(zip, at, [0])], 'bolt.zip') }], 'train');
    const { data } = getState();
    expect(data.order.map((id) => data.images[id]!.status)).toEqual(['ready', 'ready']);
    expect(data.refusals.map(({ name }) => name)).toEqual(['bolt/ground_truth/dent/0_mask.png']);
    expect(data.refusals[0]!.message).toMatch(/cannot be unpacked.*Its image is used without a mask\.$/);
  });

  it('come back in their old place when a removal is undone', async () => {
    await addFiles(photos(3), 'train');
    const before = getState().data.order;
    await removeImages([before[1]!]);
    expect(getState().data.order).toEqual([before[0], before[2]]);
    getState().notices.list.at(-1)!.action!.run();
    await until(() => getState().data.images[before[1]!]?.status === 'ready');
    expect(getState().data.order).toEqual(before);
  });

  it('can be relabelled and moved to the other side', async () => {
    await addFiles(photos(2), 'test');
    const id = getState().data.order[0]!;
    await labelImages([id], 1);
    expect(getState().data.images[id]).toMatchObject({ label: 1, type: 'unknown' });
    await moveImages([id], 'train');
    await until(() => getState().data.images[id]!.status === 'ready');
    expect(getState().data.images[id]).toMatchObject({ split: 'train', label: 0 });
  });
});

/** Resolves with the first image on its way to the engine. */
const onceAdding = () =>
  new Promise<void>((resolve) => {
    const stop = useApp.subscribe(({ data }) => data.adding && resolve(stop()));
  });

describe('own images that come early', () => {
  it('wait for the engine, without a word of complaint, and are named when it has them', async () => {
    const all = () => Object.values(getState().data.images).map(({ status }) => status);
    patch('engine', { status: 'opening', features: null });
    const adding = addFiles(photos(3), 'train');
    await until(() => getState().data.order.length === 3);
    expect([all(), getState().params.dataset]).toEqual([['listed', 'listed', 'listed'], 'own']);
    patch('engine', { status: 'ready' });
    await feedEngine();
    await adding;
    expect(all()).toEqual(['ready', 'ready', 'ready']);
    expect(getState().params.dataset).toMatch(/^own-[0-9a-f]{8}$/);
    expect(getState().notices.list.filter(({ tone }) => tone === 'error')).toEqual([]);
  });

  it('are all there before a run begins', async () => {
    const adding = addFiles(photos(20), 'train');
    await onceAdding();
    const run = start();
    expect(getState().training.status).toBe('starting');
    await until(() => getState().training.progress !== null);
    expect(getState().data.adding).toBeNull();
    expect(Object.values(getState().data.images).every(({ status }) => status === 'ready')).toBe(true);
    cancelRun();
    await Promise.all([adding, run]);
  });

  it('do not hold up a run that is called off meanwhile', async () => {
    const adding = addFiles(photos(20), 'train');
    await onceAdding();
    const run = start();
    cancelRun();
    await run;
    expect(getState().training).toMatchObject({ status: 'cancelled', progress: null });
    await adding;
  });
});

describe('a run', () => {
  beforeEach(async () => {
    await addFiles(photos(4), 'train');
    setState(({ params }) => ({ params: { ...params, epochs1: 1, epochs2: 1 } }));
  });

  it('goes from play to a model of its own and scores', async () => {
    await playOrPause();
    await until(() => getState().scores.status === 'ready');
    const { training, model, scores } = getState();
    expect(training.status).toBe('finished');
    expect(model.source).toBe('trained');
    expect(Object.keys(scores.byId)).toHaveLength(4);
  });

  it('scores anew when a label is corrected', async () => {
    await addFiles(photos(1), 'test');
    await start();
    await until(() => getState().scores.status === 'ready');
    await labelImages([imagesOf(getState().data, 'test')[0]!.id], 1);
    expect(getState().scores.status).toBe('stale');
    await until(() => getState().scores.status === 'ready');
  });

  it('starts once, however often play is pressed while it starts', async () => {
    const first = start();
    await playOrPause();
    expect(getState().training.status).toBe('starting');
    await first;
    expect(getState().training.losses[1].length + getState().training.losses[2].length).toBe(2);
  });

  it('can be stepped from the start, and cancelled without a model', async () => {
    await step();
    await until(() => getState().training.progress?.step === 1);
    expect(getState().training.status).toBe('paused');
    cancelRun();
    await until(() => getState().training.status === 'cancelled');
    expect(getState().model.source).toBe('none');
  });

  it('cancelled while its settings are still on their way never begins', async () => {
    const starting = start();
    cancelRun();
    await starting;
    expect(getState().training).toMatchObject({ status: 'cancelled', progress: null });
    expect(getState().model.source).toBe('none');
    expect(getState().notices.list.filter(({ tone }) => tone === 'error')).toEqual([]);
  });

  it('without training images is refused with a remedy', async () => {
    await removeImages(getState().data.order);
    await start();
    expect(getState().training.status).toBe('idle');
    expect(getState().notices.list.at(-1)).toMatchObject({
      tone: 'error',
      message: 'There is nothing to learn from.',
    });
  });

  it('with a backbone that is not there asks about its weights and keeps everything', async () => {
    setState(({ params }) => ({ params: { ...params, backbone: 'tf_efficientnet_b6' } }));
    await start();
    expect(getState().training.status).toBe('failed');
    expect(getState().weights.asked).toMatchObject({ id: 'tf_efficientnet_b6', source: 'hub' });
    expect(getState().data.order).toHaveLength(4);
  });
});
