// What a format's decoder hands over: pixels as stored, and how to read them.
import type { RgbImage } from './image';
import type { Orientation } from './orientation';

export interface StoredPicture {
  /** Not yet turned upright. */
  image: RgbImage;
  orientation: Orientation;
  animated: boolean;
  hasAlpha: boolean;
  /** What the reader should know about how it was decoded. */
  notices: string[];
}
