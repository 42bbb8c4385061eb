// What paths say about images: MVTec folders, loose files, and what folders carry along.
import { describe, expect, it } from 'vitest';
import { placeFiles } from './folderLayout';

const files = (...paths: string[]) => paths.map((path) => ({ path, file: path }));

describe('an MVTec-style folder', () => {
  const placed = placeFiles(
    files(
      'screw/train/good/000.png',
      'screw/test/good/000.png',
      'screw/test/scratch/001.png',
      'screw/ground_truth/scratch/001_mask.png',
      'screw/.DS_Store',
    ),
    'train',
  );

  it('gives splits, labels and types', () => {
    expect(placed.map(({ name, split, label, type }) => [name, split, label, type])).toEqual([
      ['train/good/000.png', 'train', 0, 'good'],
      ['test/good/000.png', 'test', 0, 'good'],
      ['test/scratch/001.png', 'test', 1, 'scratch'],
    ]);
  });

  it('joins each mask with its image and shows no mask as an image', () => {
    expect(placed.map(({ mask }) => mask)).toEqual([null, null, 'screw/ground_truth/scratch/001_mask.png']);
  });
});

describe('loose files', () => {
  it('are normal when they go to training', () => {
    expect(placeFiles(files('a.jpg'), 'train')[0]).toMatchObject({
      name: 'a.jpg',
      split: 'train',
      label: 0,
      type: 'good',
    });
  });

  it('are unknown when they are to be tested', () => {
    expect(placeFiles(files('photos/a.jpg', 'photos/b.jpg'), 'test')).toMatchObject([
      { name: 'a.jpg', split: 'test', label: null, type: '' },
      { name: 'b.jpg', split: 'test', label: null, type: '' },
    ]);
  });

  it('keep the folders they do not share', () => {
    expect(placeFiles(files('set/one/a.jpg', 'set/two/a.jpg'), 'test').map(({ name }) => name)).toEqual([
      'one/a.jpg',
      'two/a.jpg',
    ]);
  });
});
