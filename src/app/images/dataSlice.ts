// What images there are: the bundled set or the user's own. Records only; pixels, files and thumbnails live
// outside the store (pictures.ts).
import type { ErrorReport } from '../../lib/errors';
import type { Orientation } from '../../lib/images/orientation';
import type { ImageId, Label, Split } from '../../engine/api/types';

export interface ImageRecord {
  id: ImageId;
  /** Path within its set, as shown and as named in links. */
  name: string;
  split: Split;
  label: Label;
  /** Defect type in the set's words; `good` for normal images, empty when unknown. */
  type: string;
  own: boolean;

  /** `listed`: known by name; `ready`: decoded by the engine, and can be shown. */
  status: 'listed' | 'ready';
  /** Size as decoded; 0 while unknown. */
  width: number;
  height: number;
  /** How the file's pixels are turned to be upright (EXIF, 1 to 8); absent while unknown. */
  orientation?: Orientation;
  /** False for a file that browsers do not show as it is read here: the engine has its picture. */
  showable?: boolean;
  hasThumbnail: boolean;
  /** Counts the masks it was given by hand; absent while it has the one it came with, or none. */
  maskRevision?: number;
  /** What the decoder found worth knowing, e.g. that only the first frame was taken. */
  notes: string[];
}

/** A record of an image that is known by name only. */
export const listed = (
  known: Pick<ImageRecord, 'id' | 'name' | 'split' | 'label' | 'type' | 'own'>,
): ImageRecord => ({ ...known, status: 'listed', width: 0, height: 0, hasThumbnail: false, notes: [] });

export type Arrangement = 'loaded' | 'strangest' | 'mistakes';

/** One line per file that could not be taken. */
export interface Refusal {
  name: string;
  message: string;
  remedy: string;
}

export interface SetSummary {
  id: string;
  title: string;
}

/** A set of the user's own that is not on screen. */
export interface ShelvedSet {
  key: string;
  title: string;
  images: number;
}

/** What tells the user's own sets apart. */
export interface OwnName {
  key: string;
  /** With the digest of its files: the parameter's value, which may be another's while sets change. */
  dataset: string;
}

export interface DataSlice {
  /** Bundled sets, for the chooser. */
  sets: SetSummary[];
  /** The user's other sets, for the chooser. */
  shelf: ShelvedSet[];
  /** The id of every set of the user's own is `own`. */
  set: { id: string; title: string; sentence: string; own?: OwnName };
  status: 'loading' | 'ready' | 'failed';
  error: ErrorReport | null;
  images: Record<ImageId, ImageRecord>;
  order: ImageId[];
  selected: ImageId | null;
  /** What the set itself would select; links name only another choice. */
  initial: ImageId | null;
  refusals: Refusal[];
  /** How the files of the user's own set were read, one for each time some came. */
  readings: Record<string, unknown>[];
  /** Files being read and decoded; null when none are. */
  adding: { done: number; total: number } | null;
  /** Shows only images whose score lies in this range. */
  filter: [number, number] | null;
  /** Shows only images of this class. */
  onlyClass: string | null;
  /** Shows only test images of this type; a type that no image has any more shows all. */
  onlyType: string | null;
  /** How test images are put in order. */
  arrangement: Arrangement;
  /** Images picked for something to be done with all of them; empty unless there are several. */
  marked: ImageId[];
  /** Taps pick images instead of showing them. */
  marking: boolean;
}

export const initialData = (): DataSlice => ({
  sets: [],
  shelf: [],
  set: { id: '', title: '', sentence: '' },
  status: 'loading',
  error: null,
  images: {},
  order: [],
  selected: null,
  initial: null,
  refusals: [],
  readings: [],
  adding: null,
  filter: null,
  onlyClass: null,
  onlyType: null,
  arrangement: 'loaded',
  marked: [],
  marking: false,
});
