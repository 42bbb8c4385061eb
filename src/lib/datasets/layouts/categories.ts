// Names of classes, from the folders above: shortened to what tells them apart.
import type { FolderImage } from './report';

/** Folders between a class and its images that name nothing (VisA). */
const BETWEEN = /(^|\/)Data(\/Images)?$/i;

/** The class that a folder stands for. */
export const categoryOf = (folders: readonly string[]): string => folders.join('/').replace(BETWEEN, '');

/** The images with their classes' names shortened: without the folders that all have in common. */
export function shorten(images: readonly FolderImage[]): FolderImage[] {
  const folders = [...new Set(images.map(({ category }) => category))].map((category) => category.split('/'));
  const shared = sharedFolders(folders);
  if (shared === 0 || images.length === 0) return [...images];
  return images.map((image) => ({ ...image, category: image.category.split('/').slice(shared).join('/') }));
}

/** How many leading folders all have in common; the last one of each always stays. */
export function sharedFolders(all: readonly string[][]): number {
  return all.reduce((shared, folders) => {
    const most = Math.min(shared, folders.length - 1);
    const differs = folders.findIndex((folder, i) => i >= most || folder !== all[0]![i]);
    return differs < 0 ? most : Math.min(most, differs);
  }, Infinity);
}
