// The commands from folder to files, on an engine without a GPU.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodePng } from '../lib/formats/png';
import { zipOf } from '../lib/formats/zip/fixtures/zipBytes';
import { readNpy } from '../testing/npy';
import type { ImageFile } from '../engine/api/types';
import { presetParams } from '../settings/presets';
import { FileUnwritable, OtherBackbone, UnfitData } from './errors';
import { evaluate, type EvaluateRequest } from './evaluate';
import { writeBytes } from './data/files';
import { score } from './score';
import { openSession } from './session';
import { fakeEngine } from './testing/fakeEngine';
import { quietTerminal } from './testing/quietTerminal';
import type { ThresholdRequest } from './threshold';
import { train } from './train';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grad-command-'));
  for (const name of ['a', 'b']) await layPicture(`data/train/good/${name}.png`, 2);
  await layPicture('data/test/good/a.png', 2);
  await layPicture('data/test/crack/a.png', 20);
  await writeBytes(join(folder, 'data/train/good/broken.png'), '');
});
afterEach(() => rm(folder, { recursive: true }));

/** Noise compresses badly: the larger the side, the more bytes, the higher the fake engine's score. */
function layPicture(path: string, side: number) {
  const data = Uint8Array.from({ length: 3 * side * side }, (_, i) => (i * 7919) % 251);
  return writeBytes(join(folder, path), encodePng({ width: side, height: side, data }));
}

const request = (changes: Partial<EvaluateRequest> = {}): EvaluateRequest => ({
  params: presetParams('demo'),
  data: join(folder, 'data'),
  trainLimit: null,
  testLimit: null,
  json: null,
  maps: null,
  session: null,
  curves: false,
  saturation: null,
  threshold: null,
  holdOut: null,
  hub: null,
  ...changes,
});

async function run(changes: Partial<EvaluateRequest> = {}) {
  const engine = fakeEngine();
  const terminal = quietTerminal();
  await evaluate(request(changes), async () => engine, terminal);
  return { engine, terminal };
}

describe('evaluate', () => {
  it('trains, scores and prints the figures; a refused file is named and the rest goes on', async () => {
    const { engine, terminal } = await run();
    expect(engine.calls.map(({ name }) => name).filter((name) => name !== 'memory')).toEqual(
      ['open', 'loadBackbone', 'configure', 'addImages', 'features', 'train', 'scoreAll'], // prettier-ignore
    );
    expect(terminal.output).toContain('2 test images (1 normal), 2 training images');
    expect(terminal.output).toMatch(/all +2 +100\.0/);
    expect(terminal.errors).toContain('left out train/good/broken.png: The file is empty.');
  });

  it('writes JSON to a file, or alone to the standard output', async () => {
    const path = join(folder, 'out/result.json');
    const toFile = await run({ json: path });
    expect(toFile.terminal.output).toContain('percent');
    const written = JSON.parse(await readFile(path, 'utf8')) as { images: { path: string }[] };
    expect(written.images.map((image) => image.path)).toEqual(['test/crack/a.png', 'test/good/a.png']);

    const { output, errors } = (await run({ json: '-' })).terminal;
    expect(JSON.parse(output)).toMatchObject({ schema: 1, metrics: { image_auroc: 1, pixel_auroc: null } });
    expect(errors).toContain('percent');
  });

  it('writes a report that stands alone, with the maps of its mistakes', async () => {
    // Its many bytes make the normal image score high with the engine of these tests.
    await layPicture('data/test/good/"><script>.png', 30);
    const path = join(folder, 'out/report.html');
    const { engine } = await run({ report: path, threshold: { from: 'hand', value: 100 } });
    const html = await readFile(path, 'utf8');
    expect(html).toContain('false alarm: score');
    expect(html).toContain('test/good/&#34;&#62;&#60;script&#62;.png');
    expect(html).toMatch(/SHA-256 of images and labels<\/th><td><bdi>[0-9a-f]{64}</);
    expect(html).not.toContain('<script');
    expect(engine.calls.filter(({ name }) => name === 'readMap').length).toBeGreaterThan(0);
  });

  it('writes no report of files that changed while it ran', async () => {
    const path = join(folder, 'out/report.html');
    const engine = fakeEngine();
    const { train } = engine;
    engine.train = async (input) => {
      await layPicture('data/test/crack/a.png', 21);
      return train(input);
    };
    const error: unknown = await evaluate(request({ report: path }), async () => engine, quietTerminal()).catch((thrown: unknown) => thrown); // prettier-ignore
    expect(String(error)).toContain('changed while this ran');
    await expect(readFile(path)).rejects.toThrow();
  });

  it('says how sure the figures are, and adds curves when asked', async () => {
    for (const name of ['b', 'c']) {
      await layPicture(`data/test/good/${name}.png`, 3);
      await layPicture(`data/test/crack/${name}.png`, 21);
    }
    const read = async (curves: boolean) =>
      JSON.parse((await run({ json: '-', curves })).terminal.output) as {
        intervals: { all: { image_auroc: number[] } };
        f1_threshold: number;
        curves?: { image: { roc: { x: number[]; threshold: (number | null)[] } }; pixel: null };
      };
    const plain = await read(false);
    expect(plain.intervals.all).toMatchObject({ image_auroc: [1, 1], pixel_auroc: null });
    expect(plain.f1_threshold).toBeGreaterThan(0);
    expect(plain).not.toHaveProperty('curves');
    const { curves } = await read(true);
    expect(curves!.image.roc).toMatchObject({ x: [0, 0, 1] });
    expect(curves!.image.roc.threshold[0]).toBeNull();
    expect(curves!.pixel).toBeNull();
  });

  it('draws the line where it was asked to, apart from the scores, and says what it makes of them', async () => {
    const documentOf = async (changes: Partial<EvaluateRequest>) =>
      JSON.parse((await run({ json: '-', ...changes })).terminal.output) as object;
    const plain = await documentOf({});
    expect(plain).toMatchObject({
      config: { held_out_images: 0, threshold_from: null },
      threshold: { source: 'labelled test images' },
      at_threshold: { anomalous: 1, anomalous_found: 1, normal: 1, normal_flagged: 0 },
    });
    const quantile = await documentOf({ threshold: { from: 'quantile', q: 0.5 }, holdOut: 0.2 });
    expect(quantile).toMatchObject({
      config: { train_images: 1, held_out_images: 1, threshold_from: 'quantile:0.5' },
      threshold: { source: 'quantile of normal images' },
    });
    const synthetic = await documentOf({ threshold: { from: 'synthetic' } });
    expect(synthetic).toMatchObject({ threshold: { source: 'synthetic anomalies' } });
    for (const document of [quantile, synthetic]) {
      expect(document).toHaveProperty('images', (plain as { images: unknown }).images);
    }
    await rm(join(folder, 'data/test/crack'), { recursive: true });
    await expect(run({ threshold: { from: 'f1' } })).rejects.toThrow(/not of both kinds/);
  });

  it('writes a map of every test image, as numbers and as a picture', async () => {
    const maps = join(folder, 'maps');
    await run({ maps });
    expect((await readdir(maps, { recursive: true })).sort()).toEqual([
      ...['test', 'test/crack', 'test/crack/a.npy', 'test/crack/a_overlay.png'],
      ...['test/good', 'test/good/a.npy', 'test/good/a_overlay.png'],
    ]);
    const { shape, data } = readNpy(await readFile(join(maps, 'test/good/a.npy')));
    expect([...shape]).toEqual([4, 4]);
    expect(data[0]).toBe(1);
  });

  it('refuses a destination it cannot write before it opens the GPU', async () => {
    const noEngine = () => expect.unreachable();
    const inTheWay = join(folder, 'data/test/good/a.png/result.json');
    const running = evaluate(request({ json: inTheWay }), noEngine, quietTerminal());
    await expect(running).rejects.toThrow(FileUnwritable);
  });

  it('stops when no image can be read', async () => {
    for (const path of ['train/good/a.png', 'train/good/b.png', 'test/good/a.png', 'test/crack/a.png']) {
      await writeBytes(join(folder, 'data', path), '');
    }
    await expect(run()).rejects.toThrow(UnfitData);
  });
});

describe('train and score', () => {
  const path = () => join(folder, 'session.zip');

  async function scoreImages(
    flags = {},
    json: string | null = null,
    engine = fakeEngine(),
    threshold: ThresholdRequest | null = null,
  ) {
    const terminal = quietTerminal();
    const images = [join(folder, 'data/test')];
    await score(
      { session: path(), images, flags, threshold, json, maps: null, hub: null },
      async () => engine,
      terminal,
    );
    return { terminal, engine };
  }

  it('a trained session scores new images, the most anomalous first', async () => {
    const terminal = quietTerminal();
    const params = { ...presetParams('demo'), seed: 5 };
    await train(
      {
        params,
        data: join(folder, 'data'),
        trainLimit: 1,
        session: { path: path(), withImages: false },
        threshold: null,
        holdOut: null,
        hub: null,
      },
      async () => fakeEngine(),
      terminal,
    );
    expect(terminal.output).toContain('trained on 1 images');
    expect((await openSession(path())).model).toMatchObject({ params: { seed: 5 }, trainImages: 1 });

    const { terminal: scored, engine } = await scoreImages();
    expect(engine.calls.find(({ name }) => name === 'configure')!.input).toMatchObject({ seed: 5 });
    expect(scored.output.indexOf('crack/a.png')).toBeLessThan(scored.output.indexOf('good/a.png'));
  });

  it('says so when a weights file fits two architectures', async () => {
    const { terminal } = await run({ session: { path: path(), withImages: false } });
    expect(terminal.errors).not.toContain('pad images differently');
    const engine = fakeEngine();
    engine.alternatives = ['tf_efficientnet_b0'];
    const scored = quietTerminal();
    const images = [join(folder, 'data/test')];
    const request = {
      session: path(),
      images,
      flags: {},
      threshold: null,
      json: null,
      maps: null,
      hub: null,
    };
    await score(request, async () => engine, scored);
    expect(scored.errors).toContain('give --backbone tf_efficientnet_b0=FILE');
  });

  it('calls images anomalous by the threshold of the session', async () => {
    await run({ session: { path: path(), withImages: false } });
    const json = JSON.parse((await scoreImages({}, '-')).terminal.output) as {
      images: { anomalous: boolean }[];
    };
    expect(json.images.map(({ anomalous }) => anomalous)).toEqual([true, false]);
  });

  it('keeps the line that was asked for in the session, and takes a number instead when scoring', async () => {
    const session = { path: path(), withImages: false };
    await run({ session, threshold: { from: 'hand', value: 1e6 } });
    expect((await openSession(path())).model.threshold).toEqual({ value: 1e6, source: 'set by hand' });
    const verdicts = async (threshold: ThresholdRequest | null) =>
      JSON.parse((await scoreImages({}, '-', fakeEngine(), threshold)).terminal.output) as object;
    expect(await verdicts(null)).toMatchObject({ images: [{ anomalous: false }, { anomalous: false }] });
    const low = await verdicts({ from: 'hand', value: 0 });
    expect(low).toMatchObject({ threshold: { value: 0, source: 'set by hand' }, images: [{ anomalous: true }, {}] }); // prettier-ignore
    await expect(verdicts({ from: 'f1' })).rejects.toThrow(UnfitData);
  });

  it('trains on all but the held-out images, and draws the line from them', async () => {
    for (const side of [3, 4, 5]) await layPicture(`data/train/good/n${side}.png`, side);
    const engine = fakeEngine();
    const terminal = quietTerminal();
    const request = {
      ...{ params: presetParams('demo'), data: join(folder, 'data'), trainLimit: null, hub: null },
      ...{ session: { path: path(), withImages: false }, threshold: { from: 'quantile', q: 1 } as const },
    };
    await rm(join(folder, 'data/train/good/broken.png'));
    await train({ ...request, holdOut: 0.4 }, async () => engine, terminal);
    const added = engine.calls
      .filter(({ name }) => name === 'addImages')
      .map(({ input }) => input as ImageFile[]);
    expect(added.map((files) => files.length)).toEqual([3, 2]);
    expect(engine.calls.findIndex(({ name }) => name === 'train')).toBeLessThan(
      engine.calls.findLastIndex(({ name }) => name === 'addImages'),
    );
    const largest = Math.max(...added[1]!.map(({ bytes }) => (bytes as Blob).size));
    const { model, info } = await openSession(path());
    expect(model).toMatchObject({ trainImages: 3, threshold: { value: largest, source: 'quantile of normal images' } }); // prettier-ignore
    expect(info.data.images).toHaveLength(3);
    expect(terminal.output).toContain('trained on 3 images (2 held out)');
    await expect(train({ ...request, threshold: { from: 'f1' }, holdOut: null }, async () => engine, terminal)).rejects.toThrow(/no labelled/); // prettier-ignore
    await expect(train({ ...request, trainLimit: 1, holdOut: 0.4 }, async () => engine, terminal)).rejects.toThrow(/none would be left/); // prettier-ignore
  });

  it('takes images into a session when asked to, and names them by digest when not', async () => {
    await run({ session: { path: path(), withImages: true } });
    const { info, imageAt } = await openSession(path());
    expect(info.data.images.map(({ name }) => name)).toEqual([
      ...['train/good/a.png', 'train/good/b.png', 'test/crack/a.png', 'test/good/a.png'],
    ]);
    const { image } = await imageAt!(2);
    expect(await image.bytes()).toEqual(
      new Uint8Array(await readFile(join(folder, 'data/test/crack/a.png'))),
    );
    await run({ session: { path: path(), withImages: false } });
    const without = await openSession(path());
    expect([without.imageAt, without.info.data.images]).toEqual([null, info.data.images]);
  });

  it('takes images and masks out of a zip into a session, whole', async () => {
    const of = async (path: string) => new Uint8Array(await readFile(join(folder, 'data', path)));
    const files = ['train/good/a.png', 'test/good/a.png', 'test/crack/a.png'];
    const mask = encodePng({ width: 20, height: 20, data: new Uint8Array(1200).fill(255, 0, 30) });
    const entries = await Promise.all(files.map(async (path) => [path, await of(path)] as const));
    const data = join(folder, 'set.zip');
    await writeBytes(
      data,
      zipOf({ ...Object.fromEntries(entries), 'ground_truth/crack/a_mask.png': new Uint8Array(mask) }),
    );
    const path = join(folder, 'with.zip');
    await run({ data, session: { path, withImages: true } });
    const { info, imageAt } = await openSession(path);
    const found = await imageAt!(info.data.images.findIndex(({ name }) => name.includes('crack')));
    expect(new Uint8Array(await found.mask!.arrayBuffer())).toEqual(new Uint8Array(mask));
  });

  it('refuses weights of another backbone than the session was trained on', async () => {
    await run({ session: { path: path(), withImages: false } });
    const engine = fakeEngine();
    engine.backbone = 'resnet18';
    await expect(scoreImages({}, null, engine)).rejects.toThrow(OtherBackbone);
  });
});
