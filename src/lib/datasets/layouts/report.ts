// What reading a listing gives: the words that all layouts share.

export interface FolderImage {
  /** As in the listing. */
  path: string;
  /** The class (product, object) it belongs to, as its folder is called; empty where there is only one, unnamed. */
  category: string;
  split: 'train' | 'test';
  /** 0 normal, 1 anomalous, null unknown. */
  label: 0 | 1 | null;
  /** Defect type: the folder's name; `good` for normal images, `unknown` for test images without a label. */
  type: string;
  maskPath: string | null;
}

export type LayoutName = 'mvtec' | 'goodsad' | 'btad' | 'visa' | 'split' | 'good-bad' | 'loose' | 'empty';

/** A file that was left out, and why. */
export interface IgnoredFile {
  path: string;
  reason: string;
}

/** What one layout makes of the files. */
export interface Reading {
  layout: LayoutName;
  images: FolderImage[];
  ignored: IgnoredFile[];
  /** Sentences for the reader about the set as a whole. */
  notices: string[];
}

export interface FolderReport extends Reading {
  /** Sorted by relative path (code units). */
  images: FolderImage[];
  categories: string[];
  /** Files that were left out, each with a reason, sorted by path. */
  ignored: IgnoredFile[];
  /** One sentence that names the layout and counts what was found. */
  summary: string;
}

/** Type of normal images, whatever their folder is called. */
export const GOOD = 'good';
/** Type of images without a label. */
export const UNKNOWN = 'unknown';

/** An image's type within its set: with the class in front where there are several (`bottle/crack`). */
export const typeInSet = (
  { category, type }: Pick<FolderImage, 'category' | 'type'>,
  { categories }: Pick<FolderReport, 'categories'>,
): string => (categories.length > 1 && category !== '' ? `${category}/${type}` : type);
