// How the picture is looked at: the last painted overlay, the pointer, the zoom, and what was set by hand.
import type { ImageId, MapKind, PixelReading } from '../../engine/api/types';
import { NO_LESSON, type Lesson } from '../../settings/lesson';

/** The overlay that is on the engine's canvas right now. */
export interface Painted {
  image: ImageId;
  map: MapKind;
  score: number | null;
  extremes: [number, number] | null;
  /** Milliseconds from the request to the paint; null where compiling or feature extraction was part of it. */
  ms: number | null;
  trained: boolean;
}

export interface Reading extends Partial<PixelReading> {
  /** Position in [0, 1) from the left and the top of the image. */
  x: number;
  y: number;
}

export interface ViewSlice {
  painted: Painted | null;
  reading: Reading | null;
  /** Decision threshold set by hand; null for the suggested one. */
  threshold: number | null;
  /** w or lambda set by hand; null for the trained value. */
  fusionValue: number | null;
  /** Cells of the free brush. */
  brush: number[];
  erasing: boolean;
  /** What a teacher hides, locks and asks for. */
  lesson: Lesson;
}

export const initialView = (): ViewSlice => ({
  painted: null,
  reading: null,
  threshold: null,
  fusionValue: null,
  brush: [],
  erasing: false,
  lesson: NO_LESSON,
});
