// What reading a listing gives: the words that all layouts share.
import type { Split } from './words';

export interface FolderImage {
  /** As in the listing. */
  path: string;
  /** The class (product, object) it belongs to, as its folder is called; empty where there is only one, unnamed. */
  category: string;
  /** Validation images serve the threshold: they are neither trained on nor counted by figures. */
  split: Split;
  /** 0 normal, 1 anomalous, null unknown. */
  label: 0 | 1 | null;
  /** Defect type: the folder's name; `good` for normal images, `unknown` for test images without a label. */
  type: string;
  /** A picture, or the JSON of another tool that outlines the defects of this image. */
  maskPath: string | null;
  /** Further masks of the same image: all are united. */
  moreMasks?: string[];
}

/** Every mask of an image. */
export const masksOf = ({
  maskPath,
  moreMasks = [],
}: Pick<FolderImage, 'maskPath' | 'moreMasks'>): string[] =>
  maskPath === null ? [] : [maskPath, ...moreMasks];

export type LayoutName =
  | 'mvtec' | 'mvtec-loco' | 'mvtec-3d' | 'mvtec-2' | 'goodsad' | 'btad' | 'visa' | 'real-iad' | 'ksdd' | 'ksdd2'
  | 'dagm' | 'aitex' | 'table' | 'split' | 'good-bad' | 'masked' | 'rules' | 'loose' | 'empty'; // prettier-ignore

/** A file that was left out, and why. */
export interface IgnoredFile {
  path: string;
  reason: string;
}

/** Something that the names do not settle. What was taken is the reading that trains on nothing doubtful. */
export interface Question {
  kind: 'mask-says-defect' | 'beside-good' | 'positive' | 'folders' | 'owner' | 'outside' | 'copy' | 'unread';
  /** A sentence that says what was taken, and a question. */
  text: string;
  /** Where it is about: folders. */
  folders: string[];
}

/** How the files of one folder are read. */
export interface ReadingRow {
  /** Below the listing's root; empty for the root. */
  folder: string;
  as: Split | 'mask' | 'ignored';
  label: 0 | 1 | null;
  category: string;
  type: string;
  /** Files. */
  count: number;
  /** Images of these that have a mask. */
  masks: number;
  /** At most three files, spread evenly. */
  examples: string[];
  /** Why, for files that are left out. */
  reason: string;
}

/** What one way of reading makes of the files. */
export interface Reading {
  layout: LayoutName;
  images: FolderImage[];
  ignored: IgnoredFile[];
  /** Sentences for the reader about the set as a whole. */
  notices: string[];
  questions?: Question[];
  /** Masks whose pixels are needed before the labels are certain (`looks`). */
  toLook?: MaskFile[];
  /** The folder that says what a file is, by path. */
  folders?: ReadonlyMap<string, string>;
  /** The table that said it, if one did. */
  splitFile?: string | null;
}

/** A mask and the image that it is of: the JSON of a whole set names its images. */
export interface MaskFile {
  path: string;
  image: string;
  /** Whether it must also be told from a copy of the image in another format. */
  doubtful: boolean;
}

/** What the pixels of a mask say. */
export interface MaskLook {
  /** Share of pixels that are defect, 0 to 1. */
  defect: number;
  /** Whether it looks like a mask at all: few values, or two. */
  masklike: boolean;
}

export interface FolderReport extends Omit<Reading, 'folders' | 'questions' | 'toLook' | 'splitFile'> {
  /** Sorted by relative path (code units). */
  images: FolderImage[];
  categories: string[];
  /** Files that were left out, each with a reason, sorted by path. */
  ignored: IgnoredFile[];
  /** One sentence that names the layout and counts what was found. */
  summary: string;
  /** How many where: the folders in order of their paths, at most 500. */
  rows: ReadingRow[];
  questions: Question[];
  /** Masks to look at before the labels are certain: see `FolderOptions.looks`. */
  toLook: MaskFile[];
  /** The table that said what is what; null: names did. */
  splitFile: string | null;
}

/** Type of normal images, whatever their folder is called. */
export const GOOD = 'good';
/** Type of images without a label. */
export const UNKNOWN = 'unknown';
/** Type of anomalous images that nothing but a mask tells. */
export const DEFECT = 'defect';

/** An image's type within its set: with the class in front where there are several (`bottle/crack`). */
export const typeInSet = (
  { category, type }: Pick<FolderImage, 'category' | 'type'>,
  { categories }: Pick<FolderReport, 'categories'>,
): string => (categories.length > 1 && category !== '' ? `${category}/${type}` : type);
