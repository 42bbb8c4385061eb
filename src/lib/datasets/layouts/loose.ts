// A heap of images: all normal for training, or all to be judged, as the side says that they were dropped on.
import { unify } from './names';
import { GOOD, UNKNOWN, type FolderImage, type Reading } from './report';

/** No product is called this; a folder of masks alone must not become images. */
const TRUTH = /(^|\/)ground[-_ ]?truth\//i;

/** Reads every file as an image of one side. */
export function readLoose(paths: readonly string[], side: 'train' | 'test'): Reading {
  const isMask = (path: string) => TRUTH.test(unify(path));
  const kind = side === 'train' ? { label: 0 as const, type: GOOD } : { label: null, type: UNKNOWN };
  const images = paths
    .filter((path) => !isMask(path))
    .map((path): FolderImage => ({ path, category: '', split: side, ...kind, maskPath: null }));
  const ignored = paths.filter(isMask).map((path) => ({ path, reason: 'a mask without its image' }));
  return { layout: 'loose', images, ignored, notices: [] };
}
