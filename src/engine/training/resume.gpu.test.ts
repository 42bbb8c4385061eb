// A training that is cut off and goes on from its checkpoint, in an engine of its own: the same model, bit by bit, as
// one that was never cut off. And what a checkpoint is refused for, with everything left as it was.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../lib/formats/safetensors';
import { installDawn } from '../../lib/gpu/node';
import { faults } from '../../lib/gpu/faults';
import { tf } from '../../lib/gpu/tf';
import { BadModelFile } from '../../lib/methods/errors';
import { AlreadyTraining, CheckpointMisfit } from '../api/errors';
import { createLocalEngine } from '../local';
import { picture, readPublic, SETTINGS } from '../testing/tiny';
import type { Engine, EngineEvent, TrainingCheckpoint } from '../api/types';

const IMAGES = [picture('a', 'train'), picture('bb', 'train'), picture('ccc', 'train')];
/** Two batches an epoch, two epochs a stage: eight steps. */
const LONG = { ...SETTINGS, epochs1: 2, epochs2: 2 };

async function started(images = IMAGES, settings = LONG): Promise<Engine> {
  const engine = createLocalEngine({ adapter: 'gpu', readBundled: readPublic });
  await engine.open({ probe: false });
  await engine.configure(settings);
  // The engine takes the bytes over.
  await engine.addImages(images.map((image) => ({ ...image, bytes: image.bytes.slice(0) })));
  return engine;
}

/** Trains so many steps, then stops. */
async function cutOff(engine: Engine, steps: number): Promise<TrainingCheckpoint> {
  let done = 0;
  const stop = engine.subscribe((event) => {
    if (event.kind === 'progress') done = event.progress.step;
  });
  for (let i = 0; i < steps; i++) await engine.step();
  while (done < steps) await new Promise((resolve) => setTimeout(resolve, 5));
  const checkpoint = await engine.checkpoint();
  stop();
  await cancelled(engine);
  return checkpoint!;
}

/** Cancels, and waits until the run has ended. */
async function cancelled(engine: Engine): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    const stop = engine.subscribe((event) => {
      if (event.kind === 'trained') resolve(stop());
    });
  });
  await engine.cancel();
  await ended;
  await new Promise((resolve) => setTimeout(resolve));
}

const same = (file: ArrayBuffer, other: Uint8Array) => Buffer.from(file).equals(other);

describe('a training that is cut off', () => {
  let whole: Uint8Array;
  let losses: unknown;
  let engine: Engine;

  beforeAll(async () => {
    await installDawn({ software: true });
    engine = await started();
    losses = (await engine.train()).losses;
    whole = new Uint8Array(await engine.saveModel());
  });
  afterAll(async () => {
    faults.drain();
    await engine.close();
  });

  it.each([1, 5])('after step %i goes on in another engine to the same model', async (steps) => {
    const { file, progress, losses: soFar } = await cutOff(engine, steps);
    expect(progress).toMatchObject({ stage: steps === 1 ? 1 : 2, step: steps, steps: 8, epochs: 2 });
    expect(soFar[1].length + soFar[2].length).toBe(steps);
    await engine.close();
    engine = await started([...IMAGES].reverse());
    const reports: EngineEvent[] = [];
    engine.subscribe((event) => reports.push(event));
    const report = await engine.resumeTraining(file);
    expect(report).toMatchObject({ outcome: 'finished', losses });
    expect(same(await engine.saveModel(), whole)).toBe(true);
    const numbers = reports.flatMap((event) => (event.kind === 'progress' ? [event.progress.step] : []));
    expect(Math.min(...numbers)).toBeGreaterThan(steps);
  });

  it('counts the time of all its parts', async () => {
    const { file } = await cutOff(engine, 1);
    const { tensors, metadata } = readSafetensors(file);
    expect(Number(metadata['seconds'])).toBeGreaterThan(0);
    const older = writeSafetensors(tensors, { ...metadata, seconds: '1000' });
    const { seconds } = await engine.resumeTraining(older);
    expect(seconds).toBeGreaterThan(1000);
    expect(seconds).toBeLessThan(1100);
  });

  it('is refused where its images or its features are not, and the model there stays', async () => {
    const { file } = await cutOff(engine, 2);
    const tensors = tf.memory().numTensors;
    await engine.removeImages(['bb']);
    await expect(engine.resumeTraining(file)).rejects.toThrow(CheckpointMisfit);
    await engine.addImages([{ ...IMAGES[1]!, bytes: IMAGES[1]!.bytes.slice(0) }]);
    await engine.configure({ ...LONG, project: false });
    await expect(engine.resumeTraining(file)).rejects.toThrow(CheckpointMisfit);
    await engine.configure(LONG);
    await engine.features();
    expect(await engine.saveModel().then((bytes) => same(bytes, whole))).toBe(true);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('is refused when the file is no checkpoint, and while another training runs', async () => {
    await expect(engine.resumeTraining(await engine.saveModel())).rejects.toThrow(BadModelFile);
    await engine.step();
    await expect(engine.resumeTraining(new ArrayBuffer(8))).rejects.toThrow(AlreadyTraining);
    await cancelled(engine);
  });

  it('has no checkpoint when none is under way', async () => {
    expect(await engine.checkpoint()).toBeNull();
  });
});
