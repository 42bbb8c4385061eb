// Everything around a baseline: fit, live view, scores, files, pause, cancel, faults, a lost device. The method is
// a fake one; what real ones compute is tested beside them.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readSafetensors, writeSafetensors, type WritableTensor } from '../lib/formats/safetensors';
import { backendDevice } from '../lib/gpu/backend';
import { GpuFault } from '../lib/gpu/errors';
import { faults } from '../lib/gpu/faults';
import { installDawn } from '../lib/gpu/node';
import { createLocalEngine } from './local';
import { fakeMethod } from './testing/fakeMethod';
import { nextEvent, picture, readPublic, SCORING, SETTINGS, VIEW } from './testing/tiny';
import type { Engine, EngineEvent } from './api/types';

vi.mock('../lib/methods/registry', async (original) => ({
  ...(await original<object>()),
  methodOf: (id: string) =>
    id === 'riad' ? fakeMethod('riad', 'pixels', 4) : fakeMethod('padim', 'features', 4),
}));

const PADIM = { ...SETTINGS, method: 'padim' } as const;
const RIAD = { ...SETTINGS, method: 'riad' } as const;

describe('a baseline in the engine', () => {
  let engine: Engine;
  const events: EngineEvent[] = [];
  const next = (kind: EngineEvent['kind']) => nextEvent(engine, kind);

  beforeAll(async () => {
    await installDawn({ software: true });
    engine = createLocalEngine({ adapter: 'gpu', readBundled: readPublic });
    engine.subscribe((event) => events.push(event));
    await engine.open({ probe: false });
    await engine.configure(PADIM);
    await engine.addImages([
      ...['a', 'bb', 'ccc'].map((id) => picture(id, 'train')),
      picture('dddd', 'test'),
      picture('x', 'test', true),
    ]);
  });
  afterAll(async () => {
    faults.drain();
    await engine.close();
  });

  it('is fitted in one go, reports its progress, and its report has no stages', async () => {
    const report = await engine.train();
    expect(report).toMatchObject({ outcome: 'finished', stageMs: [0, 0], fusionValue: null });
    expect(report.fitMs).toBeGreaterThan(0);
    expect(report.losses).toEqual({ 1: [], 2: [], fit: [] });
    const last = events.findLast(({ kind }) => kind === 'progress');
    expect(last).toMatchObject({
      progress: { stage: null, phase: 'adding up', step: 12, steps: 12, loss: null },
    });
  });

  it('scores, shows and is read like any other model', async () => {
    const table = await engine.scoreAll(SCORING);
    const scoreOf = (wanted: string) => table.images.find(({ id }) => id === wanted)!.score;
    expect(scoreOf('x')).toBeGreaterThan(scoreOf('dddd'));
    expect(table.ranges).toMatchObject({ normal: [0, 0], abnormal: [0, 0] });
    const shown = await engine.show({ ...VIEW, image: 'x' });
    expect(shown).toMatchObject({ superseded: false, trained: true });
    if (!shown.superseded) expect(shown.score).toBeCloseTo(scoreOf('x'), 4);
    expect(await engine.readPixel({ x: 0.5, y: 0.5 })).toMatchObject({ normal: null, abnormal: null });
    const map = await engine.readMap({ image: 'x', map: 'fused', ...SCORING });
    expect(Math.max(...map.values)).toBeCloseTo(scoreOf('x'), 4);
    await expect(engine.readMap({ image: 'x', map: 'normal', ...SCORING })).rejects.toMatchObject({
      name: 'NoModel',
    });
  });

  it('answers a pasted block', async () => {
    const block = { shape: 'disc', size: 1, intensity: 40, x: 2, y: 1, seed: 0, steps: 0 } as const;
    const plain = await engine.show({ ...VIEW, image: 'dddd' });
    const pasted = await engine.show({ ...VIEW, image: 'dddd', block });
    if (plain.superseded || pasted.superseded) throw new Error('superseded');
    expect(pasted.score).toBeGreaterThan(plain.score!);
  });

  it('comes back from its file, and not from a file that was tampered with', async () => {
    const before = await engine.scoreAll(SCORING);
    const file = await engine.saveModel();
    await engine.loadModel(file.slice(0));
    expect((await engine.scoreAll(SCORING)).images).toEqual(before.images);
    const { tensors, metadata } = readSafetensors(file);
    const forged = (change: Record<string, string>, value?: number) => {
      const copies = [...tensors].map(
        ([name, { shape, data }]) => [name, { shape, data: data.slice() }] as const,
      );
      if (value !== undefined) copies[0]![1].data[0] = value;
      return writeSafetensors(Object.fromEntries(copies) as Record<string, WritableTensor>, {
        ...metadata,
        ...change,
      });
    };
    for (const bad of [
      forged({}, NaN),
      forged({ config: '[1]' }),
      forged({ config: '{"fake":{"a":1}}' }),
      forged({ version: '9' }),
      forged({ answers: '{}' }),
    ]) {
      await expect(engine.loadModel(bad)).rejects.toMatchObject({ name: 'BadModelFile' });
    }
    expect((await engine.scoreAll(SCORING)).images).toEqual(before.images);
  });

  it('is fitted step by step, and a cancelled fit leaves the model before it', async () => {
    const file = new Uint8Array(await engine.saveModel());
    await engine.step();
    await expect(engine.train()).rejects.toMatchObject({ name: 'AlreadyTraining' });
    const ended = next('trained');
    await engine.cancel();
    expect(await ended).toMatchObject({ report: { outcome: 'cancelled' } });
    expect(new Uint8Array(await engine.saveModel())).toEqual(file);
  });

  it('fails with the GPU, not silently', async () => {
    const tensors = (await engine.memory()).tensors;
    const run = engine.train();
    const failed = expect(run).rejects.toMatchObject({ name: 'GpuFault' });
    await next('progress');
    faults.report(new GpuFault('an invented mistake'));
    await failed;
    faults.drain();
    expect((await engine.memory()).tensors).toBeLessThanOrEqual(tensors + 1);
  });

  it('begins anew when the device is lost, to the same model', async () => {
    await engine.train();
    const undisturbed = new Uint8Array(await engine.saveModel());
    await engine.step();
    const ended = next('trained');
    backendDevice().destroy();
    await engine.resume();
    expect(await ended).toMatchObject({ report: { outcome: 'finished' } });
    expect(new Uint8Array(await engine.saveModel())).toEqual(undisturbed);
  });

  it('holds memory flat over live updates', async () => {
    for (let i = 0; i < 3; i++) await engine.show({ ...VIEW, image: 'x' });
    const before = await engine.memory();
    for (let i = 0; i < 10; i++) await engine.show({ ...VIEW, image: i % 2 ? 'x' : 'dddd' });
    expect(await engine.memory()).toEqual(before);
  });

  it('looks at the pixels where a method does, and refuses a block there', async () => {
    const report = await engine.configure(RIAD);
    expect(report).toMatchObject({ height: 32, width: 32, channels: 3, parameters: 0 });
    await expect(engine.scoreAll(SCORING)).rejects.toMatchObject({ name: 'OtherFeatures' });
    await engine.train();
    const map = await engine.readMap({ image: 'x', map: 'fused', smooth: 'none', refine: true });
    expect(map.values.length).toBe(32 * 32);
    // The white square of the defect, against stripes of at most 130 / 255 in three channels.
    expect(Math.max(...map.values)).toBeGreaterThan(0.8);
    const block = { shape: 'disc', size: 1, intensity: 40, x: 2, y: 1, seed: 0, steps: 0 } as const;
    await expect(engine.show({ ...VIEW, image: 'x', block })).rejects.toMatchObject({
      name: 'NoFeaturesToPaste',
    });
    await engine.configure(PADIM);
    expect(await engine.features()).toMatchObject({ channels: 32, backbone: 'mini_resnet' });
  });
});
