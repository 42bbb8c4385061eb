// What a format's decoder hands over: pixels as stored, and how to read them.
import type { DeepImage, RgbImage } from './image';
import type { Notice } from './notices';
import type { Orientation } from './orientation';

/** What the picture is read as: a mask's alpha and palette may be what it says. */
export type Purpose = 'image' | 'mask';

export interface StoredPicture {
  /** Not yet turned upright. */
  image: RgbImage | DeepImage;
  orientation: Orientation;
  animated: boolean;
  hasAlpha: boolean;
  /** Of a mask that has it: one byte a pixel, 0 transparent. */
  alpha?: Uint8Array;
  /** Of a mask with a palette: one index a pixel. */
  indices?: Uint8Array;
  /** A mask that was drawn by this program: on the upright image, white where it is a defect. */
  drawnHere?: boolean;
  /** Compressed with loss: values are near those that were drawn, not equal to them. */
  lossy?: boolean;
  /** What the reader should know about how it was decoded. */
  notices: Notice[];
}
