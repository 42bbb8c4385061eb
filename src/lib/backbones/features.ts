// From feature maps of several depths to the one map phi that everything after works on: align, project,
// normalise. All maps are NHWC.
import { tf } from '../gpu/tf';
import { scaleChannels } from '../kernels/inference/normaliseFeatures';

/** What a model has to know of its training features to look at others. */
export interface Statistics {
  /** Standard deviation over all elements of the training phi (after normalisation, if any); > 0. */
  sigma: number;
  /** Per channel; null when features are used raw. */
  channels: { mean: Float32Array; std: Float32Array } | null;
}

/**
 * Brings all maps to the first one's size (bilinear, align_corners=true) and concatenates the channels in the
 * order given: stride 8 first (METHOD section 1).
 * @param maps [B, H, W, C1], [B, H', W', C2], ... @returns phi [B, H, W, C1 + C2 + ...].
 */
export function alignFeatures(first: tf.Tensor4D, ...maps: tf.Tensor4D[]): tf.Tensor4D {
  const [, height, width] = first.shape;
  return tf.tidy(() => {
    const sized = maps.map((map) =>
      map.shape[1] === height && map.shape[2] === width
        ? map
        : tf.image.resizeBilinear(map, [height, width], true),
    );
    return sized.length === 0 ? first.clone() : tf.concat([first, ...sized], 3);
  });
}

/** phi * Q at every position: [B, H, W, C] and [C, K] -> [B, H, W, K]. */
export function projectFeatures(phi: tf.Tensor4D, projection: tf.Tensor2D): tf.Tensor4D {
  const [batch, height, width, channels] = phi.shape;
  return tf.tidy(() => {
    const rows = phi.reshape<tf.Tensor2D>([batch * height * width, channels]);
    return tf.matMul(rows, projection).reshape([batch, height, width, projection.shape[1]]);
  });
}

/**
 * (phi - mean) / std per channel. A channel that never varies over the training set (a ReLU that never fires)
 * carries nothing: it is centred and left unscaled instead of being blown up.
 * @param phi [B, H, W, C]; mean, std of length C.
 */
export function normaliseFeatures(
  phi: tf.Tensor4D,
  { mean, std }: { mean: Float32Array; std: Float32Array },
): tf.Tensor4D {
  return scaleChannels(phi, { mean, factor: factorsOf(std) });
}

const factors = new WeakMap<Float32Array, Float32Array>();

/** The same array for the same deviations. */
function factorsOf(std: Float32Array): Float32Array {
  const made = factors.get(std) ?? std.map((value) => (value > SILENT_STD ? 1 / value : 1));
  factors.set(std, made);
  return made;
}

/** phi as the model wants it: a tensor of its own, `phi` stays the caller's. */
export function adaptFeatures(phi: tf.Tensor4D, { channels }: Statistics): tf.Tensor4D {
  return channels ? normaliseFeatures(phi, channels) : phi.clone();
}

/** Below this a channel counts as constant; float32 noise of features around 1 is about 1e-7. */
export const SILENT_STD = 1e-6;
