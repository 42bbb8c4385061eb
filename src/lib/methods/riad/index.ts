// RIAD (Zavrtanik et al., Pattern Recognition 2021): a small network learns to paint squares that were cut out of normal
// images; where it paints something else than the image shows, the image is anomalous. It looks at pixels, not at the
// backbone's features. Its parts lie in riad/.
import { tf } from '../../gpu/tf';
import { meanBand } from '../../kernels/maps/operators1d';
import { resampleMap } from '../../kernels/maps/resampleMap';
import { PARAMS } from '../../../settings/table';
import { BadModelFile } from '../grad/errors';
import { drawn, ParameterScope } from '../../nn/parameters';
import { Random } from '../../nn/random';
import type { Detector, DetectorConfig, FitContext, MethodDefinition } from '../detector';
import { epochsOf, fitLoop, type FitPlan, type Streams } from '../../nn/fitLoop';
import { Unet } from './network';
import { dealRegions } from './regions';
import { imagesPerStep, meanFilterReach, regionSides, RIAD, riadSchedule, WIDTH } from './settings';
import { dissimilarity, riadLoss } from './similarity';
import { freedUnlessBuilt, freedUnlessFitted, readParameters, sizeIn, stored } from '../storedParameters';

/** What fixes the network's shapes and the squares that scoring hides. */
interface RiadConfig {
  /** Side of the images in pixels. */
  size: number;
  /** Channels of the first level. */
  width: number;
  seed: number;
}

export const riad: MethodDefinition = {
  id: 'riad',
  input: 'pixels',
  fit(context) {
    const config = { size: context.shape.height, width: WIDTH, seed: context.params.seed };
    const scope = ParameterScope.root(drawn(config.seed));
    return freedUnlessFitted(scope, async () => {
      const network = new Unet(scope, config.width);
      const losses = await fitLoop(context, planOf(context, network, scope, config));
      return losses && detector(network, scope, config);
    });
  },
  restore(values, tensors) {
    const config = configFrom(values);
    const scope = ParameterScope.root(stored(tensors));
    return freedUnlessBuilt(scope, () => detector(new Unet(scope, config.width), scope, config));
  },
};

function planOf(context: FitContext, network: Unet, { list }: ParameterScope, { size }: RiadConfig): FitPlan {
  return {
    groups: [{ parameters: list, learningRate: RIAD.learningRate }],
    epochs: epochsOf(context, RIAD.epochs),
    batch: imagesPerStep(context.params.batch, size),
    schedule: riadSchedule,
    loss: (image, random) => inpaintingLoss(network, image, random),
  };
}

/** The loss of one step: a side of squares drawn for the whole batch, its squares dealt anew (paper, section 3.2). */
export function inpaintingLoss(network: Unet, image: tf.Tensor4D, random: Streams): tf.Scalar {
  const size = image.shape[1];
  const sides = regionSides(size);
  const regions = random('regions');
  const masks = dealRegions(size, sides[regions.int(0, sides.length - 1)]!, RIAD.sets, regions);
  return riadLoss(image, inpaint(network, image, masks, true));
}

/**
 * Hides each set of squares in turn and puts what the network paints there together to one image.
 * @param image [B, S, S, 3]; @param masks as dealRegions gives them; @returns the same shape
 */
export function inpaint(
  network: Unet,
  image: tf.Tensor4D,
  masks: readonly Float32Array[],
  training: boolean,
): tf.Tensor4D {
  const [batch, size] = image.shape;
  return tf.tidy(() => {
    const hidden = masks.map((mask) => tf.tensor4d(mask, [1, size, size, 1]));
    const holed = hidden.map((mask) => image.mul<tf.Tensor4D>(mask.mul(-1).add(1)));
    const painted = network.apply(tf.concat(holed, 0), training);
    const parts = hidden.map((mask, set) =>
      painted.slice([set * batch, 0, 0, 0], image.shape).mul<tf.Tensor4D>(mask),
    );
    return parts.reduce((whole, part) => whole.add(part));
  });
}

function detector(network: Unet, scope: ParameterScope, config: RiadConfig): Detector {
  const { size } = config;
  // The same squares for every image, whatever it is scored with: the same image, the same map.
  const dealt = regionSides(size).map((side) =>
    dealRegions(size, side, RIAD.sets, Random.stream(config.seed, `scoring regions of ${side}`)),
  );
  return {
    method: 'riad',
    config: { ...config },
    map: (image) => tf.tidy(() => anomalyMap(network, image, dealt)),
    imageScores: (_, maps) => tf.tidy(() => maps.max<tf.Tensor1D>([1, 2])),
    tensors: () => readParameters(scope.list),
    dispose: () => scope.dispose(),
  };
}

/** 1 - MSGMS averaged over the sides of squares, then smoothed by the mean filter (paper, section 3.3). */
function anomalyMap(network: Unet, image: tf.Tensor4D, dealt: readonly Float32Array[][]): tf.Tensor3D {
  const size = image.shape[1];
  const sum = dealt
    .map((masks) => tf.tidy(() => dissimilarity(image, inpaint(network, image, masks, false))))
    .reduce((total, map) => total.add(map));
  const filter = meanBand(size, meanFilterReach(size));
  return resampleMap(sum.div(dealt.length), filter, filter);
}

function configFrom(values: DetectorConfig): RiadConfig {
  const [size, width] = [sizeIn(values, 'size'), sizeIn(values, 'width')];
  const { seed } = values;
  if (size > PARAMS.inputSize.max) throw new BadModelFile(`its images are ${size} pixels wide`);
  if (width % 4 !== 0) throw new BadModelFile(`its network is ${width} wide, not a multiple of 4`);
  if (!Number.isSafeInteger(seed)) throw new BadModelFile(`its seed is ${String(seed)}`);
  return { size, width, seed: seed as number };
}
