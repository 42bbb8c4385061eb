// How RIAD compares an image with its reconstruction (paper, section 3.2): gradient magnitude similarity on several
// scales (MSGMS) and structural similarity (SSIM), as losses and as a map. All filters are operators along the two axes
// of a map (kernels/bands.ts). Values of images are in 0..1.
import { tf } from '../../gpu/tf';
import { bilinearBand, filterBand, poolBand, type Band } from '../../kernels/maps/operators1d';
import { trainedResample, resampleMap } from '../../kernels/maps/resampleMap';
import { meanSquaredError } from '../../kernels/linear/weightedSum';
import { RIAD } from './settings';

/** Keeps the quotient of gradients finite; the paper's c. */
export const GRADIENT_C = 0.0026;
/** Below the square root, so that its slope stays finite where a gradient is zero. */
export const SMALLEST_SQUARE = 1e-8;
/** SSIM's Gaussian window and constants (Wang et al., 2004) for values in 0..1. */
const SSIM = { window: 11, sigma: 1.5, c1: 0.01 ** 2, c2: 0.03 ** 2 } as const;

export const PREWITT = { box: [1 / 3, 1 / 3, 1 / 3], difference: [-1, 0, 1] } as const;
const GAUSSIAN = gaussian();

/** MSE + MSGMS + SSIM, each with weight 1 as in the paper. @param image, @param rebuilt [B, S, S, 3] */
export function riadLoss(image: tf.Tensor4D, rebuilt: tf.Tensor4D): tf.Scalar {
  return tf.tidy(() =>
    meanSquaredError(image, rebuilt)
      .add(gradientLoss(grey(image), grey(rebuilt)))
      .add(structureLoss(planes(image), planes(rebuilt)))
      .asScalar(),
  );
}

/** 1 - MSGMS at every pixel: 0 where gradients agree on all scales, up to 1. Images [B, S, S, 3] -> [B, S, S]. */
export function dissimilarity(image: tf.Tensor4D, rebuilt: tf.Tensor4D): tf.Tensor3D {
  return tf.tidy(() => {
    const size = image.shape[1];
    const maps = similarities(grey(image), grey(rebuilt)).map((map) => {
      const enlarge = bilinearBand(map.shape[1], size);
      return map.shape[1] === size ? map : resampleMap(map, enlarge, enlarge);
    });
    const sum = maps.reduce((total, map) => total.add(map));
    return sum.mul<tf.Tensor3D>(-1 / maps.length).add(1);
  });
}

/** Mean over scales of the mean of 1 - GMS; maps [B, S, S]. */
export function gradientLoss(image: tf.Tensor3D, rebuilt: tf.Tensor3D): tf.Scalar {
  const means = similarities(image, rebuilt).map((map) => map.mean());
  const sum = means.reduce((total, mean) => total.add(mean));
  return sum.mul(-1 / means.length).add<tf.Scalar>(1);
}

/** GMS maps of the image, of its half size, and so on, as far as there is anything left to halve. */
function similarities(image: tf.Tensor3D, rebuilt: tf.Tensor3D): tf.Tensor3D[] {
  const maps = [gradientSimilarity(image, rebuilt)];
  let pair: [tf.Tensor3D, tf.Tensor3D] = [image, rebuilt];
  while (maps.length < RIAD.scales && pair[0].shape[1] >= 2) {
    pair = [halved(pair[0]), halved(pair[1])];
    maps.push(gradientSimilarity(...pair));
  }
  return maps;
}

/** GMS: (2 a b + c) / (a^2 + b^2 + c) with a, b the gradient magnitudes, by Prewitt filters. [B, S, S] -> the same. */
export function gradientSimilarity(image: tf.Tensor3D, rebuilt: tf.Tensor3D): tf.Tensor3D {
  const [a, b] = [squaredGradient(image), squaredGradient(rebuilt)];
  const product = a.mul(b).sqrt().mul(2).add(GRADIENT_C);
  return product.div(a.add(b).add(GRADIENT_C));
}

function squaredGradient(map: tf.Tensor3D): tf.Tensor3D {
  const size = map.shape[1];
  const [box, difference] = [bandOf('box', size), bandOf('difference', size)];
  const [x, y] = [trainedResample(map, box, difference), trainedResample(map, difference, box)];
  return x.square().add(y.square()).add(SMALLEST_SQUARE);
}

const halved = (map: tf.Tensor3D): tf.Tensor3D => {
  const pool = bandOf('halve', map.shape[1]);
  return trainedResample(map, pool, pool);
};

/** Mean of 1 - SSIM; planes [N, S, S]. */
export function structureLoss(image: tf.Tensor3D, rebuilt: tf.Tensor3D): tf.Scalar {
  return structuralSimilarity(image, rebuilt).mean().mul(-1).add<tf.Scalar>(1);
}

/** SSIM at every pixel; beyond the border both images count as zero. [N, S, S] -> the same. */
export function structuralSimilarity(image: tf.Tensor3D, rebuilt: tf.Tensor3D): tf.Tensor3D {
  const [x, y] = [blurred(image), blurred(rebuilt)];
  const [xx, yy, xy] = [x.square(), y.square(), x.mul(y)];
  const varianceX = blurred(image.square()).sub(xx);
  const varianceY = blurred(rebuilt.square()).sub(yy);
  const covariance = blurred(image.mul(rebuilt)).sub(xy);
  const luminance = xy.mul(2).add(SSIM.c1).div<tf.Tensor3D>(xx.add(yy).add(SSIM.c1));
  const structure = covariance.mul(2).add(SSIM.c2).div(varianceX.add(varianceY).add(SSIM.c2));
  return luminance.mul(structure);
}

const blurred = (map: tf.Tensor3D): tf.Tensor3D => {
  const window = bandOf('window', map.shape[1]);
  return trainedResample(map, window, window);
};

/** Mean of the three channels, [B, S, S]: gradients are those of brightness, as GMS was defined. */
const grey = (image: tf.Tensor4D): tf.Tensor3D => image.mean(3);

/** Every channel as a map of its own, [3 B, S, S]. */
function planes(image: tf.Tensor4D): tf.Tensor3D {
  const [batch, height, width, channels] = image.shape;
  return image.transpose([0, 3, 1, 2]).reshape([batch * channels, height, width]);
}

type Operator = 'box' | 'difference' | 'window' | 'halve';

const OPERATORS: Record<Operator, (size: number) => Band> = {
  box: (size) => filterBand(size, PREWITT.box),
  difference: (size) => filterBand(size, PREWITT.difference),
  window: (size) => filterBand(size, GAUSSIAN),
  halve: (size) => poolBand(size, 2),
};

/** Operators in use: every training step asks for the same few. */
const known = new Map<string, Band>();
const MOST_KNOWN = 64;

function bandOf(operator: Operator, size: number): Band {
  const key = `${operator} ${size}`;
  const band = known.get(key) ?? OPERATORS[operator](size);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, band);
  return band;
}

function gaussian(): number[] {
  const weights = Array.from({ length: SSIM.window }, (_, tap) =>
    Math.exp(-0.5 * ((tap - (SSIM.window - 1) / 2) / SSIM.sigma) ** 2),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
