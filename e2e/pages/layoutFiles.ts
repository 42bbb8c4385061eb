// Trees of every layout as files: in a folder and as a zip of the same folder.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { encode } from 'fast-png';
import { zipSync } from 'fflate';
import { bmpFile } from '../../src/lib/images/fixtures/bmp';
import { LAYOUT_TREES, type LayoutTree } from '../../src/lib/datasets/fixtures/layoutTrees';

const WIDTH = 23;
const HEIGHT = 17;
const JPEG = readFileSync(resolve(import.meta.dirname, '../../src/lib/images/fixtures/baseline420.jpg'));

const pixels = (value: number) =>
  Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i % 7 ? value : 255));
export const png = () => encode({ width: WIDTH, height: HEIGHT, channels: 3, data: pixels(90) });

type Tree = Pick<LayoutTree, 'paths' | 'tables'>;

function contentOf(path: string, { tables }: Tree): Uint8Array {
  if (tables?.[path]) return new TextEncoder().encode(tables[path]);
  if (/\.jpe?g$/i.test(path)) return JPEG;
  return /\.bmp$/i.test(path) ? bmpFile({ width: WIDTH, height: HEIGHT, pixels: pixels(90) }) : png();
}

/** The tree on disk and as a zip of the same folder. */
export function lay(root: string, tree: Tree): { folder: string; zip: Buffer } {
  const files = Object.fromEntries(tree.paths.map((path) => [`set/${path}`, contentOf(path, tree)]));
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  return { folder: join(root, 'set'), zip: Buffer.from(zipSync(files)) };
}

export const treeNamed = (wanted: string): LayoutTree => LAYOUT_TREES.find(({ name }) => name === wanted)!;

export const zipFile = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/zip', buffer });
