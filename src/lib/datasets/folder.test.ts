// The layouts people have on disk, and the clutter between them.
import { describe, expect, it } from 'vitest';
import { MAX_ENTRIES } from '../images/errors';
import { readFolder } from './folder';

const BOTTLE = [
  'bottle/train/good/001.png',
  'bottle/train/good/000.png',
  'bottle/test/good/000.png',
  'bottle/test/crack/000.png',
  'bottle/ground_truth/crack/000_mask.png',
];

describe('an MVTec folder', () => {
  it('gives split, label, type and mask of each image, sorted by path', () => {
    const { layout, images, ignored, notices, categories } = readFolder(BOTTLE);
    expect(layout).toBe('mvtec');
    expect(images).toEqual([
      image('bottle/test/crack/000.png', 'test', 1, 'crack', 'bottle/ground_truth/crack/000_mask.png'),
      image('bottle/test/good/000.png', 'test', 0, 'good', null),
      image('bottle/train/good/000.png', 'train', 0, 'good', null),
      image('bottle/train/good/001.png', 'train', 0, 'good', null),
    ]);
    expect(categories).toEqual(['bottle']);
    expect([ignored, notices]).toEqual([[], []]);
  });

  it('is recognised with or without a folder around it, and with Windows separators', () => {
    const bare = BOTTLE.map((path) => path.replace('bottle/', ''));
    for (const paths of [
      bare,
      bare.map((path) => `./${path}`),
      bare.map((path) => path.replaceAll('/', '\\')),
    ]) {
      const { images, categories } = readFolder(paths);
      expect(images.map(({ type }) => type)).toEqual(['crack', 'good', 'good', 'good']);
      expect(images[0]!.maskPath).toBe(paths[4]);
      expect(categories).toEqual(['']);
    }
  });

  it('keeps the masks of several categories apart', () => {
    const { images, categories } = readFolder([
      ...BOTTLE,
      ...BOTTLE.map((path) => path.replace('bottle', 'sets/cable')),
    ]);
    expect(categories).toEqual(['bottle', 'sets/cable']);
    const masks = images.map(({ maskPath }) => maskPath).filter((path) => path !== null);
    expect(masks).toEqual([
      'bottle/ground_truth/crack/000_mask.png',
      'sets/cable/ground_truth/crack/000_mask.png',
    ]);
  });

  it('takes masks of the same name as their image too', () => {
    const { images } = readFolder(['train/good/1.jpg', 'test/dent/1.jpg', 'ground_truth/dent/1.png']);
    expect(images.find(({ type }) => type === 'dent')?.maskPath).toBe('ground_truth/dent/1.png');
  });

  it('reports masks without image, a second mask, and images without mask', () => {
    const { ignored, notices } = readFolder([
      ...BOTTLE,
      'bottle/ground_truth/crack/000.png',
      'bottle/ground_truth/crack/009_mask.png',
      'bottle/test/crack/001.png',
    ]);
    expect(ignored).toEqual([
      { path: 'bottle/ground_truth/crack/000_mask.png', reason: 'a second mask for the same image' },
      { path: 'bottle/ground_truth/crack/009_mask.png', reason: 'a mask without its image' },
    ]);
    expect(notices.join()).toMatch(/1 defect image \(bottle\/test\/crack\/001\.png\) without a mask/);
  });

  it('says why each other file was left out', () => {
    const { ignored, images } = readFolder([
      ...BOTTLE,
      'bottle/.DS_Store',
      'bottle/license.txt',
      'bottle/overview.png',
      'bottle/train/bad/000.png',
      'bottle/test/crack/002.gif',
      'bottle/test/more.zip',
      '__MACOSX/bottle/train/good/000.png',
    ]);
    expect(images).toHaveLength(4);
    expect(Object.fromEntries(ignored.map(({ path, reason }) => [path, reason]))).toEqual({
      '__MACOSX/bottle/train/good/000.png': 'a file of the operating system',
      'bottle/.DS_Store': 'a file of the operating system',
      'bottle/license.txt': 'not an image',
      'bottle/overview.png': 'outside train/good, test/<type> and ground_truth/<type>',
      'bottle/test/crack/002.gif': '.gif is not read; convert it to PNG or JPEG',
      'bottle/test/more.zip': 'an archive within is not opened; unpack it first',
      'bottle/train/bad/000.png': 'training uses normal images, and anomalous ones with a mask of their own',
    });
  });

  it('takes anomalous training images that have a mask; a test image of the same name goes before', () => {
    const masks = ['000', '001'].map((name) => `bottle/ground_truth/bad/${name}_mask.png`);
    const { images, ignored, summary } = readFolder([
      ...['bottle/train/good/000.png', 'bottle/train/bad/000.png', 'bottle/train/bad/001.png', ...masks],
      'bottle/test/bad/001.png',
    ]);
    expect(images.filter(({ label }) => label === 1)).toEqual([
      { ...image('bottle/test/bad/001.png', 'test', 1, 'bad', masks[1]!), category: expect.any(String) },
      { ...image('bottle/train/bad/000.png', 'train', 1, 'bad', masks[0]!), category: expect.any(String) },
    ]);
    expect(ignored.map(({ path }) => path)).toEqual(['bottle/train/bad/001.png']);
    expect(summary).toContain('2 training (1 anomalous), 1 test image, 2 masks');
  });

  it('never takes masks for images', () => {
    const { images, ignored } = readFolder(['ground_truth/crack/000_mask.png']);
    expect(images).toEqual([]);
    expect(ignored[0]?.reason).toBe('a mask without its image');
  });

  it('says when there is nothing to train on', () => {
    expect(readFolder(['test/good/1.png']).notices.join()).toMatch(/no train\/good/);
  });
});

describe('loose images', () => {
  it('are normal training images, or test images of unknown label when the caller says so', () => {
    const paths = ['b.JPG', 'a.png', 'more/c.webp', 'notes.md'];
    expect(readFolder(paths).images).toEqual([
      { ...image('a.png', 'train', 0, 'good', null), category: '' },
      { ...image('b.JPG', 'train', 0, 'good', null), category: '' },
      { ...image('more/c.webp', 'train', 0, 'good', null), category: '' },
    ]);
    const test = readFolder(paths, { side: 'test' });
    expect(test.layout).toBe('loose');
    expect(test.images[0]).toMatchObject({ split: 'test', label: null, type: 'unknown' });
    expect(test.ignored).toEqual([{ path: 'notes.md', reason: 'not an image' }]);
  });

  it('may be none', () => expect(readFolder(['readme.txt']).layout).toBe('empty'));

  it('may be thousands, but not beyond the limit', () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `${i}.png`);
    expect(readFolder(names(3000)).images).toHaveLength(3000);
    expect(() => readFolder(names(MAX_ENTRIES + 1))).toThrow(/100001 files/);
  });

  it('are sorted by code units and listed once', () => {
    const { images } = readFolder(['ä.png', 'b.png', 'B.png', 'b.png']);
    expect(images.map(({ path }) => path)).toEqual(['B.png', 'b.png', 'ä.png']);
  });
});

function image(path: string, split: string, label: number, type: string, maskPath: string | null) {
  return { path, category: 'bottle', split, label, type, maskPath };
}
