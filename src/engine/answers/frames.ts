// Scores a picture that has no file and is kept nowhere: a camera's frame. It takes the way of every image, from the same
// resizing to the same maps; only decoding is left out.
import type { RgbImage } from '../../lib/images/image';
import { cutOf, layoutOf, partsOf, type Framing } from '../../lib/framing';
import { cutImage, type InputImage } from '../../lib/images/cut';
import { rgbaToRgb } from '../../lib/images/rgba';
import type { tf } from '../../lib/gpu/tf';
import { BadFrame } from '../api/errors';
import type { ModelState } from '../models/modelState';
import { answerParts } from './parts';
import { readScoredMap, scoredMapOf, mapScoringOf } from './scoredMap';
import type { Frame, FrameScore } from '../api/types';

/** It has no name of its own. */
const NAME = 'The camera’s frame';

export interface FrameSources {
  /** The model that answers for the features in force. */
  state: ModelState;
  framing: Framing;
  /** Parts a pass. */
  batch: number;
  /** What the model looks at, each [1, H, W, C], of some images. */
  extract(images: InputImage[]): Promise<tf.Tensor4D[]>;
}

/** @throws BadFrame, TooManyTiles, ScoreNotFinite, GpuFault, DeviceLost */
export async function scoreFrame(
  { state, framing, batch, extract }: FrameSources,
  frame: Frame,
): Promise<FrameScore> {
  const arrived = performance.now();
  const picture = pictureOf(frame);
  const cut = cutOf(picture, framing);
  const phi = async (part: number) => (await extract([cutImage(picture, cut, framing, part)]))[0]!;
  const parts = { count: partsOf(cut), layout: layoutOf(cut), phi };
  const { fusionValue } = frame;
  const found = await answerParts(state, parts, { ...mapScoringOf(frame), fusionValue }, { batch });
  return { ...(await readScoredMap(scoredMapOf(found), NAME)), ms: performance.now() - arrived };
}

/** @throws BadFrame when the pixels are not those of such a picture */
function pictureOf({ width, height, pixels }: Frame): RgbImage {
  if (!(width > 0 && height > 0) || pixels.byteLength !== 4 * width * height)
    throw new BadFrame(width, height, pixels.byteLength);
  return rgbaToRgb({ width, height, data: new Uint8Array(pixels) });
}
