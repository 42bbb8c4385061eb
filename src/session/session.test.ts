// A session out and in again; sessions of other versions; and everything that can be wrong with one.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { unzipSync, zipSync } from 'fflate';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { writeSafetensors } from '../lib/formats/safetensors';
import { openZip } from '../lib/formats/zip';
import { presetParams } from '../settings/presets';
import { defaultParams, PARAMS } from '../settings/table';
import { parseValue } from '../lib/formats/schema';
import { NoSecureContext, NotASession, SessionDamaged, SessionNewer } from './errors';
import { readSession } from './read';
import { SESSION_INFO } from './schema';
import { pictures, rewritten, smallContents, smallFile, smallInfo } from './testing/small';
import { writeSession } from './write';

/** As a zip stores it. */
const checksum = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
const textOf = async (blob: Blob | null) => blob && (await blob.text());

describe('a session', () => {
  it('comes back as it was written: words, weights, checkpoint, images, masks', async () => {
    const read = await readSession(await writeSession(await smallContents()), 'a.zip');
    expect(read.info).toEqual(await smallInfo());
    expect(new Uint8Array(read.weights!)).toEqual(new Uint8Array(smallFile(1)));
    expect(new Uint8Array(read.checkpoint!)).toEqual(new Uint8Array(smallFile(3)));
    const [first, second] = [await read.imageAt!(0), await read.imageAt!(1)];
    expect(await Promise.all([first.image, first.mask].map(textOf))).toEqual(['first picture', null]);
    expect(await Promise.all([second.image, second.mask].map(textOf))).toEqual(['second', 'mask of second']);
  });

  it('without images names them by their digests', async () => {
    const read = await readSession(await writeSession(await smallContents({ imageAt: null })), 'a.zip');
    expect(read.imageAt).toBeNull();
    expect(read.info.data.images).toEqual((await smallInfo()).data.images);
  });

  it('may hold settings and images alone', async () => {
    const info = { ...(await smallInfo()), model: null, run: null };
    const file = await writeSession(await smallContents({ info, weights: null, checkpoint: null }));
    expect(await readSession(file, 'a.zip')).toMatchObject({ info, weights: null, checkpoint: null });
  });

  it('is the same file whenever it is written', async () => {
    const [one, other] = [
      await writeSession(await smallContents()),
      await writeSession(await smallContents()),
    ];
    expect(new Uint8Array(await one.arrayBuffer())).toEqual(new Uint8Array(await other.arrayBuffer()));
  });

  it('is an ordinary zip with nothing packed', async () => {
    const { entries } = await openZip(await writeSession(await smallContents()));
    expect(entries.map(({ path }) => path)).toEqual([
      ...['session.json', 'weights.safetensors', 'checkpoint.safetensors'],
      ...['images/00000.png', 'images/00001', 'masks/00001'],
    ]);
  });

  it('is a zip that the oldest readers take, with sizes before the bytes and one date', async () => {
    const bytes = Buffer.from(await (await writeSession(await smallContents())).arrayBuffer());
    const begins = [...bytes.keys()].filter((at) => bytes.readUInt32BE(Math.min(at, bytes.length - 4)) === 0x504b0304);
    expect(begins).toHaveLength(6);
    for (const at of begins) {
      const [flags, method, time, date] = [6, 8, 10, 12].map((field) => bytes.readUInt16LE(at + field));
      expect([flags! & 8, method, time, date]).toEqual([0, 0, 0, (1 << 5) | 1]);
      expect(bytes.readUInt32LE(at + 18)).toBe(bytes.readUInt32LE(at + 22));
      // The only further field is that of long sizes: none has another date.
      const [name, fields] = [26, 28].map((field) => bytes.readUInt16LE(at + field));
      expect([bytes.readUInt16LE(at + 30 + name!), fields]).toEqual([1, 20]);
    }
  }); // prettier-ignore

  it('is not written when its words and its bytes do not go together', async () => {
    const info = await smallInfo();
    for (const change of [
      { weights: null },
      { checkpoint: null },
      { info: { ...info, model: null } },
      { info: { ...info, run: null } },
    ])
      await expect(writeSession(await smallContents(change))).rejects.toThrow('a model needs its weights');
  });

  it('is not written when reading an image fails, and says why', async () => {
    const imageAt = () => Promise.reject(new TypeError('the file is gone'));
    await expect(writeSession(await smallContents({ imageAt }))).rejects.toThrow('the file is gone');
  });
});

describe('a session of another version', () => {
  const old = (description: unknown) =>
    new Blob([
      writeSafetensors(
        { w: { shape: [1], data: Float32Array.of(1) } },
        { 'grad.session': typeof description === 'string' ? description : JSON.stringify(description) },
      ),
    ]);
  const first = {
    schema: 1,
    params: { ...presetParams('balanced'), seed: 7 },
    trainImages: 24,
    threshold: { value: 3.5, source: 'labelled test images' },
    metrics: null,
  };

  it('is read when it is the first: a model file with a description', async () => {
    const { info, weights } = await readSession(old(first), 'a.safetensors');
    expect(info.params).toEqual(first.params);
    expect(info.model).toMatchObject({ params: first.params, trainImages: 24, threshold: first.threshold });
    expect(weights!.byteLength).toBe(old(first).size);
  });

  it('is refused with a remedy when it is newer, file or zip', async () => {
    const error = await readSession(old({ ...first, schema: 3 }), 'a').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SessionNewer);
    expect(error).toMatchObject({ remedy: expect.stringContaining('newer version') as string });
    const zip = rewritten((json) => void Object.assign(json, { schema: 99 }));
    await expect(readSession(await zip, 'a')).rejects.toThrow(SessionNewer);
  });

  it('is no session when it names no version, or is some other file', async () => {
    await expect(readSession(old({}), 'a')).rejects.toThrow(NotASession);
    await expect(readSession(new Blob([smallFile(1)]), 'a')).rejects.toThrow(NotASession);
    await expect(readSession(new Blob(['hello']), 'a')).rejects.toThrow(NotASession);
    await expect(readSession(new Blob([]), 'a')).rejects.toThrow(NotASession);
  });
});

describe('a session that was saved before', () => {
  const bytes = (name: string) => new Blob([readFileSync(resolve('src/session/fixtures', name))]);
  const json = (name: string) =>
    JSON.parse(readFileSync(resolve('src/session/fixtures', name), 'utf8')) as Record<string, never>;

  it('opens when it is of the second version: a zip', async () => {
    const read = await readSession(bytes('version2.zip'), 'work.zip');
    expect(read.info).toMatchObject(json('version2.json'));
    expect(read.info.run).toMatchObject({ step: 4, steps: 10, losses: { 1: [1, 0.75], 2: [] } });
    expect(new Uint8Array(read.weights!)).toEqual(new Uint8Array(smallFile(1)));
    expect(new Uint8Array(read.checkpoint!)).toEqual(new Uint8Array(smallFile(3)));
    expect(await textOf((await read.imageAt!(1)).mask)).toBe('mask of second');
  });

  it('opens when it is of the first version: a model file', async () => {
    const { info, weights, imageAt } = await readSession(bytes('version1.safetensors'), 'work.safetensors');
    const { params, trainImages, threshold, metrics } = json('version1.json');
    expect(info).toMatchObject({ params, model: { params, trainImages, threshold, metrics }, run: null });
    expect(info.data).toEqual({ dataset: 'own', images: [] });
    expect([weights?.byteLength, imageAt]).toEqual([bytes('version1.safetensors').size, null]);
  });
});

describe('on a page without cryptography', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('no session is written or read', async () => {
    const contents = await smallContents();
    const file = await writeSession(contents);
    for (const crypto of [undefined, {}]) {
      vi.stubGlobal('crypto', crypto);
      await expect(readSession(file, 'a.zip')).rejects.toThrow(NoSecureContext);
      await expect(writeSession(contents)).rejects.toThrow(NoSecureContext);
    }
  });
});

describe('a damaged session', () => {
  const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
  /** With other files in the zip, or others words in its description; every checksum is right. */
  async function altered(
    change: (files: Record<string, Uint8Array>, json: Record<string, Record<string, unknown>>) => void,
  ): Promise<Blob> {
    const files = unzipSync(await bytesOf(await writeSession(await smallContents())));
    const json = JSON.parse(new TextDecoder().decode(files['session.json'])) as Record<string, never>;
    change(files, json);
    const described = files['session.json'] && { 'session.json': Buffer.from(JSON.stringify(json)) };
    return new Blob([zipSync({ ...files, ...described }, { level: 0 }) as Uint8Array<ArrayBuffer>]);
  }

  it('is none at all without its description', async () => {
    const file = await altered((files) => delete files['session.json']);
    await expect(readSession(file, 'a.zip')).rejects.toThrow('a.zip is no session: it has no session.json.');
  });

  it.each<[string, Parameters<typeof altered>[0]]>([
    ['weights.safetensors is missing', (files) => delete files['weights.safetensors']],
    ['checkpoint.safetensors is missing', (files) => delete files['checkpoint.safetensors']],
    ['does not name weights.safetensors', (_, json) => (json['files']!['weights'] = null)],
    ['does not name checkpoint.safetensors', (_, json) => delete json['files']!['checkpoint']],
    [
      'weights.safetensors has another length than was written',
      (files) => (files['weights.safetensors'] = files['weights.safetensors']!.subarray(1)),
    ],
    ['files is missing', (_, json) => delete json['files']],
  ])('says that %s', async (words, change) => {
    const error = await readSession(await altered(change), 'a.zip').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SessionDamaged);
    expect((error as Error).message).toContain(words);
  });

  it('is refused before its description is unpacked, should that be absurdly large', async () => {
    const bytes = Buffer.from(await bytesOf(await altered(() => undefined)));
    const record = bytes.indexOf('PK\u0001\u0002');
    for (const [size, words] of [
      [64 * 2 ** 20, 'cannot be unpacked'],
      [64 * 2 ** 20 + 1, 'absurdly large'],
    ] as const) {
      for (const field of [20, 24]) bytes.writeUInt32LE(size, record + field);
      await expect(readSession(new Blob([bytes]), 'a.zip')).rejects.toThrow(words);
    }
  });

  it('is refused when its list of files ends before its time', async () => {
    const bytes = Buffer.from(await bytesOf(await altered(() => undefined)));
    const record = bytes.indexOf('PK\u0001\u0002', bytes.indexOf('PK\u0001\u0002') + 4);
    bytes.write('XX', record);
    await expect(readSession(new Blob([bytes]), 'a.zip')).rejects.toThrow('its list of files is cut short');
  });

  it('is refused image by image when one has no digest or is gone', async () => {
    const images = (json: Record<string, Record<string, unknown>>) =>
      json['data']!['images'] as Record<string, unknown>[];
    const file = await altered((files, json) => {
      images(json)[0]!['sha256'] = null;
      delete files['masks/00001'];
    });
    const { imageAt } = await readSession(file, 'a.zip');
    await expect(imageAt!(0)).rejects.toThrow('images/00000.png has no digest');
    await expect(imageAt!(1)).rejects.toThrow('masks/00001 is missing');
  });

  it('is refused just beyond the longest list and the longest words', async () => {
    const info = await smallInfo();
    const [image] = info.data.images;
    const judge = (change: object) =>
      parseValue(SESSION_INFO, { ...info, ...change }, (detail) => new SessionDamaged('a', detail));
    const withImage = (change: object) => ({ data: { ...info.data, images: [{ ...image, ...change }] } });
    const images = new Array<unknown>(100_001).fill(image);
    const losses = { 1: new Array<number>(1_000_001).fill(0), 2: [] };
    for (const change of [
      { data: { ...info.data, images } },
      { run: { ...info.run, losses } },
      withImage({ name: 'n'.repeat(2049) }),
      withImage({ type: 't'.repeat(201) }),
    ])
      expect(() => judge(change)).toThrow(/^The session a is damaged: .* is not (a list of at most|text of up to)/);
    expect(() => judge(withImage({ name: 'n'.repeat(2048), type: 't'.repeat(200) }))).not.toThrow();
  }); // prettier-ignore

  it.each([
    ['weights.safetensors', 3],
    ['checkpoint.safetensors', 0],
    ['session.json', 40],
  ])('is refused when a byte of %s is flipped', async (path, offset) => {
    const bytes = new Uint8Array(await (await writeSession(await smallContents())).arrayBuffer());
    const needle = new TextEncoder().encode(path);
    const at = bytes.findIndex((_, i) => needle.every((byte, j) => bytes[i + j] === byte));
    bytes[at + needle.length + offset + 1]! ^= 4;
    await expect(readSession(new Blob([bytes]), 'a.zip')).rejects.toThrow(SessionDamaged);
  });

  it('is refused when its weights are others than it names, though every checksum is right', async () => {
    const bytes = Buffer.from(await (await writeSession(await smallContents())).arrayBuffer());
    const begin = bytes.indexOf('{');
    const json = bytes.subarray(begin, bytes.indexOf('PK', begin));
    const before = crc32(json);
    json.write('0', json.indexOf('"sha256": "', json.indexOf('"files"')) + '"sha256": "'.length);
    for (let at; (at = bytes.indexOf(checksum(before))) >= 0;) checksum(crc32(json)).copy(bytes, at);
    await expect(readSession(new Blob([bytes]), 'a.zip')).rejects.toThrow(/weights.*digest differs/);
  });

  it('is refused when its image is not the one that was saved', async () => {
    const imageAt = async () => ({ image: new Blob(['another']), mask: pictures[2] });
    const read = await readSession(await writeSession(await smallContents({ imageAt })), 'a.zip');
    await expect(read.imageAt!(0)).rejects.toThrow(SessionDamaged);
  });

  it.each<[string, (json: Record<string, unknown>) => void]>([
    ['data is not an object', (json) => (json['data'] = 'none')],
    ['data.images is not a list', (json) => (json['data'] = { dataset: 'own', images: {} })],
    ['data.dataset is not text', (json) => (json['data'] = { dataset: 'x'.repeat(5000), images: [] })],
    ['params is not an object', (json) => (json['params'] = null)],
    ['model.losses is not an object', (json) => Object.assign(json['model'] as object, { losses: 3 })],
    ['model.threshold.value is missing', (json) => Object.assign(json['model'] as object, { threshold: {} })],
    ['run.step is not a count', (json) => Object.assign(json['run'] as object, { step: -1 })],
    ['view is missing', (json) => delete json['view']],
  ])('is refused when %s', async (text, change) => {
    const file = await rewritten(change);
    await expect(readSession(file, 'a.zip')).rejects.toThrow(text);
    await expect(readSession(file, 'a.zip')).rejects.toThrow(SessionDamaged);
  });

  it('has its parameters put right by their table', async () => {
    const params = {
      seed: 'NaN',
      batch: { toString: false },
      localGrid: 1e9,
      fbpIntensityMin: 40,
      fbpIntensityMax: 10,
      evil: '<script>',
    };
    const { info } = await readSession(await rewritten((json) => void (json['params'] = params)), 'a.zip');
    expect(info.params).toEqual({
      ...defaultParams(),
      ...{ localGrid: PARAMS.localGrid.max, fbpIntensityMin: 10, fbpIntensityMax: 40 },
    });
  });
});
