// Which images `score` scores: files as they are named, and what folders and archives hold besides masks.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '../../lib/datasets/folder';
import { FileUnreadable, UnfitData } from '../errors';
import { isArchive, type Listing } from './archive';
import { imagesWithin } from './dataset';

/**
 * Image files by path: files as they are named, folders and archives searched through, everything once and in code-unit
 * order. Masks in folders are left out, with a notice.
 * @throws FileUnreadable for a path that is not there, UnfitData when there is no image at all
 */
export async function imageFilesIn(paths: readonly string[], layout?: Layout): Promise<Listing> {
  const found = await Promise.all(paths.map((path) => filesOf(path, layout)));
  const files = [...new Set(found.flatMap((listing) => listing.paths))].sort();
  if (files.length > 0) return { paths: files, notices: found.flatMap(({ notices }) => notices) };
  throw new UnfitData(
    `There are no images in ${paths.join(', ')}.`,
    'Name PNG, JPEG, WebP, BMP or TIFF files, or folders or archives of them.',
  );
}

async function filesOf(path: string, layout?: Layout): Promise<Listing> {
  if (!(await isFolder(path)) && !isArchive(path)) return { paths: [path], notices: [] };
  const { paths, notices } = await imagesWithin(path, layout);
  return { paths: paths.map((name) => join(path, name)), notices };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new FileUnreadable(path, cause);
  }
}
