// Folders of a drop: walked to the ground in portions, and given up as soon as they hold more than can be read.
import { describe, expect, it, vi } from 'vitest';
import { droppedFiles } from './dropped';

const PORTION = 100;

type Tree = { [name: string]: Tree | null };

/** Entries as a browser hands them out: folders a hundred at a time, each call a task of its own. */
function entryOf(name: string, tree: Tree | null, parent: string, asked: () => void): unknown {
  const fullPath = `${parent}/${name}`;
  if (tree === null) {
    const file = (resolve: (file: File) => void) => resolve(new File([], name));
    return { isFile: true, isDirectory: false, fullPath, file };
  }
  const left = Object.entries(tree);
  const readEntries = (resolve: (entries: unknown[]) => void) => {
    asked();
    const portion = left.splice(0, PORTION).map(([child, below]) => entryOf(child, below, fullPath, asked));
    setTimeout(() => resolve(portion));
  };
  return { isFile: false, isDirectory: true, fullPath, createReader: () => ({ readEntries }) };
}

const drop = (name: string, tree: Tree, asked: () => void = () => undefined) =>
  ({
    items: [{ webkitGetAsEntry: () => entryOf(name, tree, '', asked) }],
    files: [],
  }) as unknown as DataTransfer;

const filled = (count: number): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.png`, null]));

describe('a dropped folder', () => {
  it('gives all files below it with their paths, and says how many there are so far', async () => {
    const found = vi.fn();
    const files = await droppedFiles(drop('set', { good: filled(250), 'a.png': null, empty: {} }), found);
    expect(files).toHaveLength(251);
    expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['set/a.png', 'set/good/249.png']));
    expect(found).toHaveBeenLastCalledWith(251);
  });

  it('is given up once it holds more than can be read, not after its last file', async () => {
    const folders = Object.fromEntries(
      Array.from({ length: 90 }, (_, i) => [`folder ${i}`, filled(PORTION)]),
    );
    const asked = vi.fn();
    const files = droppedFiles(drop('vast', folders, asked), undefined, 1000);
    await expect(files).rejects.toMatchObject({ name: 'TooManyFiles' });
    // Two calls a folder, and one for the folder of folders: most were never opened.
    expect(asked.mock.calls.length).toBeLessThan(30);
  });

  it('lets the page go on between portions', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await droppedFiles(drop('set', filled(2000)));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });
});
