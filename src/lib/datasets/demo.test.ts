import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { DemoManifestInvalid, readDemoList, readDemoManifest, type DemoManifest } from './demo';

const DEMO = resolve('public/demo');
const readJson = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(join(DEMO, path), 'utf8'));
const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
const sets = readDemoList(await readJson('index.json'));
const manifests = await Promise.all(
  sets.map(async ({ id }) => readDemoManifest(await readJson(`${id}/index.json`))),
);

describe('the bundled sets', () => {
  it('are three or more, with a unique id each', () => {
    expect(new Set(sets.map(({ id }) => id)).size).toBe(sets.length);
    expect(sets.length).toBeGreaterThanOrEqual(3);
  });

  it.each(manifests)(
    '$id: 24 normal images to train, 8 normal and 8 defective ones to test',
    ({ images }) => {
      const count = (split: string, label: number) =>
        images.filter((image) => image.split === split && image.label === label).length;
      expect([count('train', 0), count('test', 0), count('test', 1)]).toEqual([24, 8, 8]);
      expect(new Set(images.map(({ type }) => type)).size).toBeGreaterThan(4);
    },
  );

  it.each(manifests)('$id: every image is there, and every mask marks a small part of it', async (set) => {
    for (const { path, mask } of set.images) {
      expect((await stat(join(DEMO, set.id, path))).size, path).toBeGreaterThan(5_000);
      if (mask !== null)
        expect(await marked(set, mask), mask).toSatisfy((part: number) => part > 0.001 && part < 0.2);
    }
  });

  it('are below 4 MB together', async () => {
    const entries = await readdir(DEMO, { recursive: true, withFileTypes: true });
    const pictures = entries.filter(({ name }) => /\.(jpg|png)$/.test(name));
    const sizes = await Promise.all(
      pictures.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(4e6);
  });

  it('are what the script draws, byte for byte', async () => {
    const drawn = await mkdtemp(join(tmpdir(), 'demo-'));
    const image = 'test/missing_hole/000.jpg';
    const mask = 'ground_truth/missing_hole/000_mask.png';
    try {
      const script = resolve('scripts/demo-data/main.mjs');
      await promisify(execFile)(process.execPath, [script, '--out', drawn, '--only', `parts/${image}`]);
      for (const file of [`parts/${image}`, `parts/${mask}`, 'parts/index.json', 'index.json']) {
        expect(await sha256(join(drawn, file)), file).toBe(await sha256(join(DEMO, file)));
      }
    } finally {
      await rm(drawn, { recursive: true });
    }
  }, 60_000);
});

it('a list and a manifest of before are read', async () => {
  const fixture = async (name: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(resolve('src/lib/datasets/fixtures', name), 'utf8')) as Record<string, unknown>;
  expect(readDemoList(await fixture('demoIndex.json'))).toEqual((await fixture('demoIndex.json')).sets);
  const { schema, ...rest } = await fixture('demoManifest.json');
  expect([schema, readDemoManifest({ schema, ...rest })]).toEqual([1, rest]);
});

/** Part of the image that a mask marks. */
async function marked(set: DemoManifest, mask: string): Promise<number> {
  const { data, width, height, channels } = decode(await readFile(join(DEMO, set.id, mask)));
  expect([width, height, channels]).toEqual([256, 256, 1]);
  return Array.from(data).filter((value) => value > 127).length / (width * height);
}

describe('a hostile manifest', () => {
  const image = {
    path: 'test/hole/000.jpg',
    split: 'test',
    label: 1,
    type: 'hole',
    mask: 'ground_truth/hole/000_mask.png',
  };
  const manifest = { schema: 1, id: 'cloth', title: 'Cloth', sentence: 'All whole.', images: [image] };
  const refuse = (changes: object) => () => readDemoManifest({ ...manifest, ...changes });
  const refuseImage = (changes: object) => refuse({ images: [{ ...image, ...changes }] });

  it('is told from a sound one', () => {
    expect(readDemoManifest(manifest).images).toEqual([image]);
  });

  it.each([
    '../../secret.jpg',
    '/test/hole/000.jpg',
    'https://host/x.jpg',
    'test/../hole/000.jpg',
    'test/hole/000.html',
  ])('cannot point at %s', (path) => expect(refuseImage({ path })).toThrow(DemoManifestInvalid));

  it('cannot send the mask elsewhere, or call a defect normal', () => {
    expect(refuseImage({ mask: '../other.png' })).toThrow(DemoManifestInvalid);
    expect(refuseImage({ label: 0 })).toThrow(DemoManifestInvalid);
    expect(refuseImage({ split: 'train' })).toThrow(DemoManifestInvalid);
  });

  it('cannot list an image twice, or too many', () => {
    expect(refuse({ images: [image, image] })).toThrow('twice');
    expect(refuse({ images: Array.from({ length: 10_001 }, () => image) })).toThrow(
      'images is not a list of at most 10000',
    );
  });

  it('cannot name a folder with its id, or be of another schema', () => {
    expect(refuse({ id: '../up' })).toThrow(DemoManifestInvalid);
    expect(refuse({ schema: 2 })).toThrow('schema');
  });

  it('is refused by name, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(() => readDemoManifest(json)).toThrow(DemoManifestInvalid);
        expect(() => readDemoList(json)).toThrow(DemoManifestInvalid);
      }),
    );
  });
});
