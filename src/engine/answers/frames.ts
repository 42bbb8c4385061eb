// Scores a picture that has no file and is kept nowhere: a camera's frame. It takes the way of every image, from the same
// resizing to the same maps; only decoding is left out.
import type { RgbImage } from '../../lib/images/image';
import { resizeBilinear } from '../../lib/images/resize';
import { rgbaToRgb } from '../../lib/images/rgba';
import { faults } from '../../lib/gpu/faults';
import { tf } from '../../lib/gpu/tf';
import { scoreMaps } from '../../lib/kernels/maps/smoothMap';
import { anomalyMaps, imageScores } from '../../lib/scoring/anomalyMaps';
import { BadFrame } from '../api/errors';
import { adaptFeatures, type ModelState } from '../models/modelState';
import type { Frame, FrameScore } from '../api/types';

export interface FrameSources {
  /** The model that answers for the features in force. */
  state: ModelState;
  /** Input size S, in pixels. */
  size: number;
  /** What the model looks at, each [1, H, W, C], of some images. */
  extract(images: RgbImage[]): Promise<tf.Tensor4D[]>;
}

/** @throws BadFrame, GpuFault, DeviceLost */
export async function scoreFrame({ state, size, extract }: FrameSources, frame: Frame): Promise<FrameScore> {
  const arrived = performance.now();
  const [raw] = await extract([resizeBilinear(pictureOf(frame), size)]);
  const [map, score] = disposing(raw!, () => answer(state, raw!, size, frame));
  try {
    const [values, [worst]] = await Promise.all([map.data<'float32'>(), score.data<'float32'>()]);
    faults.check();
    const data = { width: size, height: size, values: values.slice() };
    return { score: worst!, map: data, ms: performance.now() - arrived };
  } finally {
    tf.dispose([map, score]);
  }
}

/** @throws BadFrame when the pixels are not those of such a picture */
function pictureOf({ width, height, pixels }: Frame): RgbImage {
  if (!(width > 0 && height > 0) || pixels.byteLength !== 4 * width * height)
    throw new BadFrame(width, height, pixels.byteLength);
  return rgbaToRgb({ width, height, data: new Uint8Array(pixels) });
}

function answer(
  { model, statistics }: ModelState,
  raw: tf.Tensor4D,
  size: number,
  { smooth, ...how }: Frame,
): [tf.Tensor3D, tf.Tensor1D] {
  const phi = adaptFeatures(raw, statistics);
  const maps = anomalyMaps(model, phi, how);
  const scored = scoreMaps(maps.fused, size, smooth);
  return [scored.pixels, imageScores(model, phi, maps, scored)];
}

/** A tidy that takes its input along, also when it throws. */
function disposing<T extends tf.TensorContainer>(raw: tf.Tensor, work: () => T): T {
  try {
    return tf.tidy(work);
  } finally {
    raw.dispose();
  }
}
