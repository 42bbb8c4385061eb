// The commands from folder to files, on an engine without a GPU.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodePng } from '../formats/png';
import { readNpy } from '../formats/npy';
import { presetParams } from '../params/presets';
import { FileUnwritable, OtherBackbone, UnfitData } from './errors';
import { evaluate, type EvaluateRequest } from './evaluate';
import { writeBytes } from './files';
import { score } from './score';
import { openSession } from './session';
import { fakeEngine } from './testing/fakeEngine';
import { quietTerminal } from './testing/quietTerminal';
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

  async function scoreImages(flags = {}, json: string | null = null, engine = fakeEngine()) {
    const terminal = quietTerminal();
    const images = [join(folder, 'data/test')];
    await score(
      { session: path(), images, flags, json, maps: null, hub: null },
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
    const request = { session: path(), images, flags: {}, json: null, maps: null, hub: null };
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

  it('refuses weights of another backbone than the session was trained on', async () => {
    await run({ session: { path: path(), withImages: false } });
    const engine = fakeEngine();
    engine.backbone = 'resnet18';
    await expect(scoreImages({}, null, engine)).rejects.toThrow(OtherBackbone);
  });
});
