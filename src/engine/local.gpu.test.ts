import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { installDawn } from '../lib/gpu/node';
import { createLocalEngine } from './local';
import { picture, readPublic, SCORING, SETTINGS, VIEW } from './testing/tiny';
import type { Engine, EngineEvent } from './api/types';

describe('the local engine', () => {
  let engine: Engine;
  const events: EngineEvent[] = [];

  beforeAll(async () => {
    await installDawn({ software: true });
    engine = createLocalEngine({ adapter: 'gpu', readBundled: readPublic });
    engine.subscribe((event) => events.push(event));
    await engine.open({ probe: false });
    await engine.configure(SETTINGS);
    const files = [
      ...['a', 'bb', 'ccc'].map((id) => picture(id, 'train')),
      picture('dddd', 'test'),
      picture('x', 'test', true),
    ];
    const broken = {
      ...files[0]!,
      id: 'broken',
      name: 'broken.png',
      bytes: new TextEncoder().encode('no image').buffer as ArrayBuffer,
    };
    const report = await engine.addImages([...files, broken]);
    expect(report.added).toEqual(['a', 'bb', 'ccc', 'dddd', 'x']);
    expect(report.refused).toMatchObject([{ id: 'broken', error: { name: 'NotAnImage' } }]);
  });
  afterAll(() => engine.close());

  it('reports the features and their unit', async () => {
    const report = await engine.features();
    expect(report).toMatchObject({ height: 4, width: 4, channels: 32, backbone: 'mini_resnet' });
    expect(report.sigma).toBeGreaterThan(0);
  });

  it('shows the pasted cells before there is a model', async () => {
    const block = { shape: 'square', size: 1, intensity: 10, x: 2, y: 2, seed: 0, steps: 0 } as const;
    const shown = await engine.show({ ...VIEW, image: 'x', map: 'mask', block });
    expect(shown).toMatchObject({ score: null, extremes: [0, 1] });
    await expect(engine.scoreAll(SCORING)).rejects.toMatchObject({ name: 'NoModel' });
  });

  it('trains both stages, reports progress, and gives the same model for the same seed', async () => {
    const first = await engine.train();
    expect(first).toMatchObject({ outcome: 'finished' });
    expect(first.losses[1]).toHaveLength(2);
    expect(first.losses[2]).toHaveLength(2);
    expect(events.some(({ kind }) => kind === 'progress')).toBe(true);
    expect(events.at(-1)).toMatchObject({ kind: 'trained' });
    const file = new Uint8Array(await engine.saveModel());
    await engine.train();
    expect(new Uint8Array(await engine.saveModel())).toEqual(file);
  });

  it('refuses a second training while one runs, and keeps the model when one is cancelled', async () => {
    const file = new Uint8Array(await engine.saveModel());
    await engine.step();
    await expect(engine.train()).rejects.toMatchObject({ name: 'AlreadyTraining' });
    const ended = new Promise((done) => engine.subscribe((event) => event.kind === 'trained' && done(event)));
    await engine.cancel();
    expect(await ended).toMatchObject({ report: { outcome: 'cancelled' } });
    await expect(engine.pause()).rejects.toMatchObject({ name: 'NotTraining' });
    expect(new Uint8Array(await engine.saveModel())).toEqual(file);
  });

  it('scores every image, and a live view of one gives the same score', async () => {
    const table = await engine.scoreAll(SCORING);
    expect(table.images.map(({ id }) => id)).toEqual(['dddd', 'x', 'a', 'bb', 'ccc']);
    expect(table.metrics.image_auroc).not.toBeNull();
    expect(table.threshold).not.toBeNull();
    const shown = await engine.show({ ...VIEW, image: 'x' });
    const score = table.images.find(({ id }) => id === 'x')!.score;
    expect(shown).toMatchObject({ superseded: false, trained: true });
    if (!shown.superseded) expect(shown.score).toBeCloseTo(score, 4);
    const map = await engine.readMap({ image: 'x', map: 'fused', ...SCORING });
    expect(Math.max(...map.values)).toBeCloseTo(score, 4);
  });

  it('gives resamples and curves on request only', async () => {
    const { resampled, curves } = await engine.scoreAll({ ...SCORING, resamples: 20, curves: true });
    // One image of a label is too few to draw from.
    expect(resampled).toMatchObject({ all: { image_auroc: null }, perClass: {} });
    expect(curves!.image!.roc).toMatchObject({ x: expect.arrayContaining([0, 1]) as unknown });
    expect(await engine.scoreAll(SCORING)).not.toHaveProperty('curves');
  });

  it('takes pixel figures at the size of the maps, or of each mask', async () => {
    const side = 96;
    const data = new Uint8Array(3 * side ** 2).fill(255, 0, 3 * side * 31);
    const mask = new Uint8Array(encode({ width: side, height: side, data, channels: 3 })).buffer;
    await engine.removeImages(['x']);
    await engine.addImages([{ ...picture('x', 'test', true), mask }]);
    const at = (metricsAt: 'map' | 'mask') =>
      engine.scoreAll({ ...SCORING, metricsAt, pixelDetail: { saturation: null } });
    const [map, whole] = [await at('map'), await at('mask')];
    expect(whole.images).toEqual(map.images);
    // A third of the height is no whole number of the map's rows.
    expect(whole.metrics.pixel_auroc).toBeGreaterThan(0);
    expect(whole.metrics.pixel_auroc).not.toBe(map.metrics.pixel_auroc);
    expect([map.pixelDetail!.spro05, map.pixelDetail!.f1Max! > 0]).toEqual([null, true]);
  });

  it('scores again only what a mask changes, when it may use what was found before', async () => {
    const table = () => engine.scoreAll({ ...SCORING, reuse: true });
    const done = () => events.splice(0).flatMap((event) => (event.kind === 'scored' ? [event.done] : []));
    const first = await table();
    done();
    const same = (one: Awaited<ReturnType<typeof table>>) => ({ ...one, msPerImage: 0 });
    expect(same(await table())).toEqual(same(first));
    expect(done()).toEqual([2, 5]);
    const data = new Uint8Array(3 * 96 ** 2).fill(255, 0, 3 * 96 * 50);
    const mask = new Uint8Array(encode({ width: 96, height: 96, data, channels: 3 })).buffer;
    await engine.setMask({ id: 'x', mask, label: 1, type: 'dent' });
    const after = await table();
    expect(done()).toEqual([1, 2, 5]);
    expect(after.images).toEqual(first.images);
    expect(after.metrics.pixel_auroc).not.toBe(first.metrics.pixel_auroc);
    expect(same(after)).toEqual(same(await engine.scoreAll(SCORING)));
  });

  it('answers a pasted block, a moved fusion value and the pointer', async () => {
    const block = { shape: 'disc', size: 1, intensity: 40, x: 2, y: 1, seed: 0, steps: 0 } as const;
    const plain = await engine.show({ ...VIEW, image: 'dddd' });
    const pasted = await engine.show({ ...VIEW, image: 'dddd', block });
    const moved = await engine.show({ ...VIEW, image: 'dddd', fusionValue: 2 });
    if (plain.superseded || pasted.superseded || moved.superseded) throw new Error('superseded');
    expect(pasted.score).not.toBe(plain.score);
    expect(moved).toMatchObject({ trained: false });
    const reading = await engine.readPixel({ x: 0.5, y: 0.5 });
    expect(Object.values(reading!).every(Number.isFinite)).toBe(true);
  });

  it('lets itself be watched: maps of the last picture, scores as they stand', async () => {
    await engine.show({ ...VIEW, image: 'dddd' });
    const { image, maps, scores } = await engine.watch({ ...SCORING, images: ['x', 'gone'] });
    expect(image).toBe('dddd');
    for (const kind of ['fused', 'normal', 'abnormal'] as const) {
      const data = await engine.readMap({ ...SCORING, image: 'dddd', map: kind });
      expect(maps[kind]).toEqual(data);
    }
    const table = await engine.scoreAll(SCORING);
    expect(scores).toHaveLength(1);
    expect(scores[0]!.score).toBeCloseTo(table.images.find(({ id }) => id === 'x')!.score, 5);
  });

  it('times the kernels of the last live update', async () => {
    await engine.show({ ...VIEW, image: 'dddd' });
    const shaders = (await engine.profileShow())!.map(({ shader }) => shader);
    expect(shaders).toEqual(expect.arrayContaining(['branch_maps', 'grid_query']));
  });

  it('reads back a model it wrote, and refuses another file', async () => {
    const before = await engine.scoreAll(SCORING);
    await engine.loadModel(await engine.saveModel());
    expect((await engine.scoreAll(SCORING)).images).toEqual(before.images);
    await expect(engine.loadModel(new ArrayBuffer(9))).rejects.toMatchObject({ name: 'BadSafetensors' });
    expect((await engine.scoreAll(SCORING)).images).toEqual(before.images);
  });

  it('waits for an image that is still being decoded, and names one that is not there', async () => {
    const adding = engine.addImages([picture('late', 'test')]);
    expect(await engine.show({ ...VIEW, image: 'late' })).toMatchObject({ superseded: false });
    await adding;
    await engine.removeImages(['late']);
    await expect(engine.show({ ...VIEW, image: 'late' })).rejects.toMatchObject({ name: 'UnknownImage' });
  });

  it('keeps the backbone when another one is not here', async () => {
    await expect(engine.configure({ ...SETTINGS, backbone: 'efficientnet_b0' })).rejects.toMatchObject({
      name: 'BackboneNotHere',
    });
    expect(await engine.features()).toMatchObject({ backbone: 'mini_resnet' });
  });

  it('holds memory flat over live updates', async () => {
    const view = (x: number) =>
      ({
        ...VIEW,
        image: 'x',
        block: { shape: 'disc', size: 1, intensity: 20, x: x % 4, y: 1, seed: 0, steps: 0 },
      }) as const;
    for (let i = 0; i < 3; i++) await engine.show(view(i));
    const before = await engine.memory();
    for (let i = 0; i < 20; i++) await engine.show(view(i));
    expect(await engine.memory()).toEqual(before);
  });

  it('gives a model that opens on the processor, and comes back from there', async () => {
    const file = await engine.saveModel();
    const read = async (from: Engine) =>
      (await from.readMap({ image: 'x', map: 'fused', ...SCORING })).values;
    const here = await read(engine);
    const openOn = async (adapter: 'cpu' | 'gpu') => {
      await engine.close();
      engine = createLocalEngine({ adapter, readBundled: readPublic });
      await engine.open({ probe: false });
      await engine.configure(SETTINGS);
      await engine.addImages([picture('x', 'test', true)]);
      await engine.loadModel(file.slice(0));
      return read(engine);
    };
    const there = await openOn('cpu');
    const largest = Math.max(...here);
    expect(Math.max(...there.map((value, i) => Math.abs(value - here[i]!) / largest))).toBeLessThan(1e-3);
    const kept = await engine.saveModel();
    expect(new Uint8Array(kept)).toEqual(new Uint8Array(file));
    expect(await openOn('gpu')).toEqual(here);
  });
});
