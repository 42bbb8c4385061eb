// What a dropped path says about its file: MVTec's layout (train/good, test/<type>, ground_truth/<type>/<name>_mask)
// is recognised at any depth; a loose file is what the user said it is. Paths only, no file is opened.
import type { Label, Split } from '../engine/types';

export interface Placed<F> {
  file: F;
  /** Path as shown, below the common root. */
  name: string;
  split: Split;
  label: Label;
  type: string;
  mask: F | null;
}

export interface Named<F> {
  path: string;
  file: F;
}

/** Files that folders carry along and nobody means. */
const HIDDEN = /(^|\/)(\.|Thumbs\.db$|desktop\.ini$|__MACOSX\/)/i;

/**
 * Sorts files into training and test images and joins masks with their images.
 * @param split where files without a layout of their own go: loose training images are normal, loose test images unknown
 */
export function placeFiles<F>(files: readonly Named<F>[], split: Split): Placed<F>[] {
  const visible = files.filter(({ path }) => !HIDDEN.test(path));
  const masks = new Map(
    visible.flatMap((entry) => maskKey(entry.path).map((key) => [key, entry.file] as const)),
  );
  const root = commonRoot(visible.map(({ path }) => path));
  return visible
    .filter(({ path }) => maskKey(path).length === 0)
    .map(({ path, file }) => ({
      file,
      name: path.slice(root),
      ...place(path, split),
      mask: masks.get(imageKey(path)) ?? null,
    }));
}

function place(path: string, split: Split): Pick<Placed<unknown>, 'split' | 'label' | 'type'> {
  const folders = path.split('/').slice(0, -1);
  const at = folders.findLastIndex((folder) => folder === 'train' || folder === 'test');
  if (at < 0) return split === 'train' ? { split, label: 0, type: 'good' } : { split, label: null, type: '' };
  const type = folders[at + 1] ?? '';
  if (folders[at] === 'train') return { split: 'train', label: 0, type: 'good' };
  return { split: 'test', label: type === '' ? null : type === 'good' ? 0 : 1, type };
}

/** `<type>/<name>` of a mask below ground_truth; empty for anything else. */
function maskKey(path: string): [string] | [] {
  const match = /(?:^|\/)ground_truth\/([^/]+)\/(.+?)(?:_mask)?\.[^.]+$/.exec(path);
  return match ? [`${match[1]}/${match[2]}`] : [];
}

const imageKey = (path: string) => /(?:^|\/)test\/(.+)\.[^.]+$/.exec(path)?.[1] ?? '';

/** Length of the folder that all paths share, its slash included. */
function commonRoot(paths: readonly string[]): number {
  const folders = paths.map((path) => path.split('/').slice(0, -1));
  const first = folders[0] ?? [];
  let depth = 0;
  while (
    depth < first.length &&
    !LAYOUT.has(first[depth]!) &&
    folders.every((parts) => parts[depth] === first[depth])
  ) {
    depth += 1;
  }
  return first.slice(0, depth).reduce((length, folder) => length + folder.length + 1, 0);
}

const LAYOUT = new Set(['train', 'test', 'ground_truth']);
