// Sessions on the page against the fake engine: what is on screen out and in again, and refusals that change nothing.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { smallContents, smallInfo } from '../../session/testing/small';
import { readSession } from '../../session/read';
import { writeSession } from '../../session/write';
import { rescore } from '../scores/actions';
import { measurePixelDetail } from '../scores/pixelDetail';
import { setLineSource } from '../scores/decisionLine';
import { addFiles } from '../images/own';
import { loadSet, loadSetList } from '../images/sets';
import { openSession } from './actions';
import { resumeRun, start, step } from '../training/actions';
import { engine } from '../shell/engineLink';
import { imagesOf } from '../shell/selectors';
import { contentsOf, pieces } from './sessionContents';
import { getState, patch, setState } from '../shell/store';
import { openMockPage } from '../testing/mockPage';
import { until } from '../../testing/until';

const photos = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    path: `p${i}.png`,
    file: new File([`pixels ${i}`], `p${i}.png`),
  }));

const freshPage = () => openMockPage({ epochs1: 1, epochs2: 1 });

const sessionFile = async (withImages = true) =>
  new File([await writeSession(await contentsOf(await pieces(), withImages))], 'work.zip');

/** A server of the bundled sets that answers for a stored model only when told to. */
function holdStoredModel() {
  let [ask, release] = [() => {}, () => {}];
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const held = new Promise<void>((resolve) => (release = resolve));
  vi.stubGlobal('fetch', async (url: string) => {
    const model = url.endsWith('model.safetensors');
    if (model) {
      ask();
      await held;
    }
    const type = url.endsWith('.json') ? 'application/json' : 'application/octet-stream';
    return new Response(await readFile(join('public', url)), { headers: { 'content-type': type } });
  });
  return { asked, release };
}

const messages = () => getState().notices.list.map(({ message }) => message);

beforeEach(freshPage);
afterEach(() => void vi.unstubAllGlobals());

describe('a session of the page', () => {
  it('brings images, settings, model and threshold back to an empty page', async () => {
    await addFiles(photos(3), 'train');
    setState(({ params }) => ({ params: { ...params, seed: 9 } }));
    await start();
    await until(() => getState().scores.status === 'ready');
    patch('view', { threshold: 4.5 });
    const before = getState();
    const file = await sessionFile();
    await freshPage();
    await addFiles([{ path: 'work.zip', file }], 'train');
    const { params, data, model, training, view } = getState();
    expect(params).toEqual(before.params);
    expect(data.order).toEqual(before.data.order);
    expect(data.images[data.order[0]!]).toMatchObject({ name: 'p0.png', status: 'ready', own: true });
    expect(model).toMatchObject({ source: 'trained', fusionValue: before.model.fusionValue });
    expect([training.losses, view.threshold]).toEqual([before.training.losses, 4.5]);
  });

  it('keeps how the files were read, and validation images for the line', async () => {
    const named = (path: string) => ({ path, file: new File([path], path.split('/').at(-1)!) });
    await addFiles(['train/good/0.png', 'train/good/1.png', 'validation/good/0.png', 'validation/bad/1.png', 'test/bad/2.png'].map((path) => named(`set/${path}`)), 'train'); // prettier-ignore
    expect(imagesOf(getState().data, 'validation').map(({ name }) => name)).toEqual([
      'set/validation/good/0.png',
    ]);
    await start();
    await until(() => getState().scores.status === 'ready');
    await setLineSource('quantile', 1);
    const { scores, data } = getState();
    expect(scores.suggested!.value).toBe(scores.byId[imagesOf(data, 'validation')[0]!.id]);
    await addFiles(photos(1), 'test');
    const file = await sessionFile();
    const { reading, images } = (await readSession(file, 'work.zip')).info.data;
    expect(reading).toMatchObject({ layout: 'loose', earlier: [{ layout: 'mvtec', split_file: null }] });
    expect(images.map(({ split }) => split)).toContain('validation');
    await freshPage();
    await addFiles([{ path: 'work.zip', file }], 'train');
    expect(imagesOf(getState().data, 'validation')).toHaveLength(1);
    expect((await contentsOf(await pieces(), false)).info.data.reading).toEqual(reading);
  });

  it('computes further pixel figures when asked, and forgets them with the scores', async () => {
    await addFiles(photos(3), 'train');
    await measurePixelDetail(0.5);
    await start();
    await until(() => getState().scores.status === 'ready');
    const detail = { f1Max: 0.5, aupro05: 0.4, spro05: 0.3, aupimo: 0.2, aupimoImages: [] };
    const table = await engine()!.scoreAll({ smooth: 'none', refine: false });
    const asked = vi.spyOn(engine()!, 'scoreAll').mockResolvedValue({ ...table, pixelDetail: detail });
    await measurePixelDetail(0.25);
    expect(asked.mock.calls).toHaveLength(1);
    expect(asked.mock.calls[0]![0].pixelDetail).toEqual({ saturation: { share: 0.25 } });
    expect(getState().scores.detail).toEqual(detail);
    asked.mockRestore();
    await rescore();
    expect(getState().scores.detail).toBeNull();
  });

  it('without images leaves those on screen and says how many of them it knows', async () => {
    await addFiles(photos(3), 'train');
    await start();
    const file = await sessionFile(false);
    await freshPage();
    await addFiles([...photos(2), { path: 'x.png', file: new File(['other'], 'x.png') }], 'train');
    const order = getState().data.order;
    await openSession(file);
    expect(getState().data.order).toEqual(order);
    expect(getState().model.source).toBe('trained');
    expect(messages()).toContain('Of the session’s 3 images, 2 are here.');
  });

  it('asks before it replaces the visitor’s own images', async () => {
    await addFiles(photos(2), 'train');
    const file = await sessionFile();
    await freshPage();
    await addFiles(photos(1), 'train');
    await openSession(file);
    expect(getState().data.order).toHaveLength(1);
    getState().notices.list.at(-1)!.action!.run();
    await until(() => getState().data.order.length === 2);
  });

  it('opened before the engine has started waits for it', async () => {
    patch('engine', { status: 'opening' });
    const refused = vi.spyOn(engine()!, 'loadModel').mockRejectedValue(new Error('not open yet'));
    const small = await smallInfo();
    const { params } = getState();
    const info = { ...small, params, model: { ...small.model!, params } };
    const contents = await smallContents({ info, imageAt: null });
    const opening = openSession(new File([await writeSession(contents)], 'early.zip'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(refused).not.toHaveBeenCalled();
    refused.mockRestore();
    patch('engine', { status: 'ready' });
    await opening;
    expect(getState().model.source).toBe('trained');
  });

  it.each(['own images', 'the bundled set on screen'])(
    'keeps its model when the stored one arrives late: a session of %s',
    async (whose) => {
      const { asked, release } = holdStoredModel();
      const loads = vi.spyOn(engine()!, 'loadModel');
      await loadSetList();
      const loading = loadSet('parts', null);
      await asked;
      const { params } = getState();
      const small = await smallInfo();
      const info = { ...small, params, model: { ...small.model!, params }, run: null };
      const data = { dataset: 'parts', images: [] };
      const view = { image: null, fusionValue: null };
      const session = whose === 'own images' ? { info } : { info: { ...info, data, view }, imageAt: null };
      await openSession(
        new File([await writeSession(await smallContents({ ...session, checkpoint: null }))], 'late.zip'),
      );
      // Once to judge it, once in its place.
      expect([getState().model.source, loads.mock.calls.length]).toEqual(['trained', 2]);
      release();
      await loading;
      expect(loads).toHaveBeenCalledTimes(2);
    },
  );

  it('holds a training under way, which goes on after it is opened', async () => {
    await addFiles(photos(4), 'train');
    await step();
    await until(() => getState().training.progress?.step === 1);
    const file = await sessionFile();
    await freshPage();
    await openSession(file);
    expect(getState().kept.resumable).toEqual({ step: 1, steps: 2 });
    await resumeRun();
    await until(() => getState().training.status === 'finished');
    expect(getState().training.losses[1].length + getState().training.losses[2].length).toBe(2);
  });
});

describe('a session that is refused', () => {
  it('changes nothing: neither a damaged image nor a model that the engine does not take', async () => {
    await addFiles(photos(2), 'train');
    await start();
    await until(() => getState().scores.status === 'ready');
    const { data, params, model } = getState();
    const unchanged = () => {
      const now = getState();
      expect([now.data.images, now.params, now.model]).toEqual([data.images, params, model]);
    };
    const contents = await smallContents({
      imageAt: async () => ({ image: new Blob(['other bytes']), mask: null }),
    });
    await openSession(new File([await writeSession(contents)], 'bad.zip'));
    expect(messages().at(-1)).toContain('bad.zip is damaged');
    unchanged();
    vi.spyOn(engine()!, 'loadModel').mockRejectedValue(new Error('no model of this program'));
    await openSession(await sessionFile(false));
    expect(messages().at(-1)).toContain('no model of this program');
    unchanged();
    expect(imagesOf(getState().data, 'train')).toHaveLength(2);
  });
});
