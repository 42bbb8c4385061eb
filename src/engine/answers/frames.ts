// Scores a picture that has no file and is kept nowhere: a camera's frame. It takes the way of every image, from the same
// resizing to the same maps; only decoding is left out.
import type { RgbImage } from '../../lib/images/image';
import { resizeBilinear } from '../../lib/images/resize';
import { rgbaToRgb } from '../../lib/images/rgba';
import type { tf } from '../../lib/gpu/tf';
import { BadFrame } from '../api/errors';
import type { ModelState } from '../models/modelState';
import { readScoredMap, scoredMap, scoringOf } from './scoredMap';
import type { Frame, FrameScore } from '../api/types';

/** It has no name of its own. */
const NAME = 'The camera’s frame';

export interface FrameSources {
  /** The model that answers for the features in force. */
  state: ModelState;
  /** Input size S, in pixels. */
  size: number;
  /** What the model looks at, each [1, H, W, C], of some images. */
  extract(images: RgbImage[]): Promise<tf.Tensor4D[]>;
}

/** @throws BadFrame, ScoreNotFinite, GpuFault, DeviceLost */
export async function scoreFrame({ state, size, extract }: FrameSources, frame: Frame): Promise<FrameScore> {
  const arrived = performance.now();
  const { fusionValue } = frame;
  const [phi] = await extract([resizeBilinear(pictureOf(frame), size)]);
  const tensors = scoredMap(state, phi!, { size, ...scoringOf(frame), fusionValue });
  return { ...(await readScoredMap(tensors, NAME)), ms: performance.now() - arrived };
}

/** @throws BadFrame when the pixels are not those of such a picture */
function pictureOf({ width, height, pixels }: Frame): RgbImage {
  if (!(width > 0 && height > 0) || pixels.byteLength !== 4 * width * height)
    throw new BadFrame(width, height, pixels.byteLength);
  return rgbaToRgb({ width, height, data: new Uint8Array(pixels) });
}
