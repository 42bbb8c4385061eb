// Files as version 0.1 wrote them: a grid model, a detector and a checkpoint open today with the values they had.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../lib/gpu/tf';
import { readSafetensors } from '../../lib/formats/safetensors';
import { useTilings } from '../../lib/kernels/linear/tiling';
import { readCheckpoint, writeCheckpoint } from '../training/checkpointFile';
import { readModelFile } from './modelFile';

const fixture = async (name: string): Promise<ArrayBuffer> =>
  new Uint8Array(await readFile(resolve(import.meta.dirname, '../fixtures', `${name}.safetensors`))).buffer;

const FEATURES = {
  backbone: 'mini_resnet',
  taps: 'standard',
  weights: null,
  inputSize: 32,
  project: true,
  range: null,
};

describe('a stored file', () => {
  beforeAll(async () => void (await tf.setBackend('cpu')));

  it('with a grid model opens', async () => {
    const file = await fixture('gradModel');
    const { model, features, statistics, fusionValue } = await readModelFile(file);
    expect(features).toEqual(FEATURES);
    expect(statistics.sigma).toBe(0.5);
    expect([...statistics.channels!.mean, ...statistics.channels!.std]).toEqual([0.25, -1, 1, 2]);
    expect(fusionValue).toBeCloseTo(-0.2, 6);
    model.dispose();
  });

  it('with a detector opens, and answers', async () => {
    const { model, features, statistics } = await readModelFile(await fixture('detector'));
    expect(features).toEqual(FEATURES);
    expect(statistics.channels).toBeNull();
    const patches = readSafetensors(await fixture('detector')).tensors.get('patches')!;
    expect([...(patches.data as Float32Array)]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(model).toMatchObject({ method: 'patchcore', config: { channels: 2, score: 'reweighted' } });
    model.dispose();
  });

  it('with a checkpoint opens where its run stood', async () => {
    const { model, position, images, anomalies, seconds, state } = readCheckpoint(
      await fixture('gradCheckpoint'),
    );
    expect(position.position).toEqual({ stage: 2, epoch: 0, batch: 1 });
    expect(position.losses[1]).toHaveLength(2);
    expect(position.optimiser.steps).toBe(1);
    expect(state.features).toEqual(FEATURES);
    expect([images, anomalies, seconds]).toEqual([['a', 'b', 'c'], null, 12.5]);
    model.dispose();
  });

  it('with a checkpoint keeps the tiles by which its products were made, where they are not the default', async () => {
    const table = { 'forward 1024x544x9x544': { tile: '64x64x16', slices: 4 } } as const;
    const old = await fixture('gradCheckpoint');
    const before = readCheckpoint(old);
    const write = () => writeCheckpoint(old, before.state, before.images, null, 1)!.file;
    useTilings(table);
    const tuned = readCheckpoint(write());
    useTilings({});
    const plain = readCheckpoint(write());
    expect([before.tilings, tuned.tilings, plain.tilings]).toEqual([{}, table, {}]);
    [before, tuned, plain].forEach(({ model }) => model.dispose());
  });
});
