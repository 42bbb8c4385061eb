import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BackboneNotHere, UnknownBackbone } from '../lib/backbones/errors';
import { identifyArchitecture } from '../lib/backbones/identify';
import { readSafetensors } from '../lib/formats/safetensors';
import { PRESETS } from '../settings/presets';
import { startHubServer, type HubServer } from '../testing/hubServer';
import { PUBLISHED_ID, publishedFile } from '../testing/publishedFile';
import { findBackbone } from './backbone';
import { FileUnreadable } from './errors';
import { cacheFolder } from './root';
import { quietTerminal } from './testing/quietTerminal';

describe('findBackbone', () => {
  it('finds the bundled weights', async () => {
    const { name, bytes } = await findBackbone('mini_resnet');
    expect(name).toBe('mini_resnet.safetensors');
    expect(bytes.byteLength).toBeGreaterThan(1e6);
  });

  it('takes a file of any name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'grad-backbone-'));
    const path = join(folder, 'my weights (1).bin');
    await writeFile(path, 'abc');
    expect((await findBackbone(path)).name).toBe('my weights (1).bin');
    await rm(folder, { recursive: true });
  });

  it('takes a file for the architecture named before it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'grad-backbone-'));
    const path = join(folder, 'model.safetensors');
    await writeFile(path, 'abc');
    const named = await findBackbone(`tf_efficientnet_b0=${path}`);
    expect(named).toMatchObject({ name: 'model.safetensors', as: 'tf_efficientnet_b0' });
    await writeFile(join(folder, 'resnet18=x.bin'), 'abc');
    expect((await findBackbone(join(folder, 'resnet18=x.bin'))).as).toBeUndefined();
    await rm(folder, { recursive: true });
  });

  it('fetches nothing unless it may, and says what to do', async () => {
    for (const { backbone } of Object.values(PRESETS)) {
      if (!backbone) continue;
      const failure = await findBackbone(backbone).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(BackboneNotHere);
      expect((failure as BackboneNotHere).remedy).toContain('--backbone FILE');
    }
  });

  it('tells a wrong path from a wrong name', async () => {
    await expect(findBackbone('weights/none.safetensors')).rejects.toThrow(FileUnreadable);
    await expect(findBackbone('resnet_900')).rejects.toThrow(UnknownBackbone);
  });
});

describe('findBackbone with a Hub', () => {
  const retry = { attempts: 1, baseMs: 1, stallMs: 20_000 };
  let server: HubServer;
  let folder: string;
  const find = (terminal = quietTerminal(), hub = server.url) =>
    findBackbone(PUBLISHED_ID, { hub, terminal, folder, retry });

  beforeAll(async () => void (server = await startHubServer(publishedFile())));
  afterAll(() => server.close());
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'grad-weights-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('downloads once, saying how many bytes, and takes the kept weights silently after that', async () => {
    const terminal = quietTerminal();
    const first = await find(terminal);
    expect(first.name).toBe('mobilenetv2_100.ra_in1k.safetensors');
    expect(identifyArchitecture(readSafetensors(first.bytes), first.name).id).toBe('mobilenetv2_100.ra_in1k');
    expect(terminal.errors).toContain('fetching mobilenetv2_100');
    expect(terminal.errors).toMatch(/downloading mobilenetv2_100: [\d.]+/);
    expect(terminal.output).toBe('');
    const silent = quietTerminal();
    server.requests.length = 0;
    expect((await find(silent)).bytes).toEqual(first.bytes);
    expect([server.requests.length, silent.errors]).toEqual([0, '']);
  });

  it('names a missing file and an unreachable server, with a file as the way out', async () => {
    server.fail({ status: 404 });
    await expect(find()).rejects.toMatchObject({ name: 'HubNotFound' });
    const offline = find(quietTerminal(), 'http://127.0.0.1:9');
    await expect(offline).rejects.toMatchObject({
      name: 'HubUnreachable',
      remedy: expect.stringContaining('--backbone FILE'),
    });
    await expect(
      findBackbone('efficientnet_b6', { hub: server.url, terminal: quietTerminal(), folder }),
    ).rejects.toMatchObject({ name: 'NotPublished' });
  });
});

describe('a download on the command line', () => {
  const retry = { attempts: 2, baseMs: 1, stallMs: 20_000 };
  let server: HubServer;
  let folder: string;
  const find = (taps?: string) =>
    findBackbone(PUBLISHED_ID, {
      hub: server.url,
      terminal: quietTerminal(),
      folder,
      retry,
      ...(taps && { taps }),
    });

  beforeAll(async () => void (server = await startHubServer(publishedFile())));
  afterAll(() => server.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'grad-weights-'));
    server.serve(publishedFile(), '"first"');
  });
  afterEach(async () => {
    server.failAlways({ fine: true });
    await rm(folder, { recursive: true });
  });

  it.each([
    ['a gated file', { status: 403 }, 'HubForbidden'],
    ['bytes of another place', { contentRange: 'bytes 5-9/100' }, 'WrongRange'],
    ['connections that break', { cutAt: 0 }, 'ConnectionCut'],
    ['a server that stays busy', { status: 503 }, 'HubBusy'],
  ] as const)('names %s with a remedy and leaves nothing behind', async (_, fault, name) => {
    server.failAlways(fault);
    const remedy = expect.stringContaining('--backbone FILE');
    await expect(find()).rejects.toMatchObject({ name, remedy });
    expect(await readdir(folder)).toEqual([]);
  });

  it('resumes a connection cut half way, and takes the whole file where ranges are ignored', async () => {
    server.fail({ fine: true }, { cutAt: 0.5 });
    const { bytes } = await find();
    await rm(folder, { recursive: true });
    server.failAlways({ ignoreRange: true });
    expect((await find()).bytes).toEqual(bytes);
  });

  it('refuses another file than the one it knows by its hash', async () => {
    await find();
    const [store] = await readdir(folder);
    const names = await readdir(join(folder, store!));
    await rm(
      join(
        folder,
        store!,
        names.find((name) => name.includes(encodeURIComponent('#')))!,
      ),
    );
    server.serve(publishedFile(2), '"other"');
    await expect(find()).rejects.toMatchObject({ name: 'WrongHash' });
  });

  it('works in a folder that cannot be written, and says so', async () => {
    const terminal = quietTerminal();
    const file = join(folder, 'no-folder');
    await writeFile(file, '');
    const request = { hub: server.url, terminal, folder: file, retry };
    expect((await findBackbone(PUBLISHED_ID, request)).bytes.byteLength).toBeGreaterThan(0);
    expect(terminal.errors).toContain('There is no room to keep');
  });

  it('fetches what the taps need, and refuses taps that are not there before asking anyone', async () => {
    const shallow = await find('blocks.2');
    expect(shallow.bytes.byteLength).toBeLessThan((await find()).bytes.byteLength / 3);
    server.requests.length = 0;
    await expect(find('layer3')).rejects.toMatchObject({ name: 'UnknownTap' });
    expect(server.requests).toEqual([]);
  });
});

describe('the folder of kept weights', () => {
  it('is where the user keeps such things, or where the environment says', () => {
    expect(cacheFolder({})).toMatch(/[/\\].cache[/\\]grad-playground$/);
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches' })).toBe(join('/caches', 'grad-playground'));
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches', GRAD_CACHE: '/mine' })).toBe('/mine');
  });
});
