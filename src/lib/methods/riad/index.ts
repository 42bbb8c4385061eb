// RIAD (Zavrtanik et al., Pattern Recognition 2021): a small network learns to paint squares that were cut out of normal
// images; where it paints something else than the image shows, the image is anomalous. It looks at pixels, not at the
// backbone's features. Its parts lie in riad/.
import { tf } from '../../gpu/tf';
import { meanBand } from '../../kernels/maps/operators1d';
import { resampleMap } from '../../kernels/maps/resampleMap';
import * as v from 'valibot';
import { drawn, ParameterScope } from '../../nn/parameters';
import { tenthAfter } from '../../nn/plan';
import { Random } from '../../nn/random';
import { learn, type FitPlan } from '../../nn/fit';
import type { Streams } from '../../nn/trainingLoop';
import { SquareInputsOnly } from '../errors';
import { defineMethod, type Detector, type DetectorConfig, type FitContext } from '../detector';
import { epochsOf, learnerOptions, type LearnerOptions } from '../options';
import { Unet } from './network';
import { dealRegions } from './regions';
import { imagesPerStep, meanFilterReach, regionSides, LARGEST_SIZE, RIAD, WIDTH } from './settings';
import { dissimilarity, riadLoss } from './similarity';
import { configIn, freedUnlessBuilt, freedUnlessFitted, readParameters, size, stored } from '../stored';
import { RIAD as ABOUT } from './about';

/** What fixes the network's shapes and the squares that scoring hides. */
interface RiadConfig {
  /** Side of the images in pixels. */
  size: number;
  /** Channels of the first level. */
  width: number;
  seed: number;
}

export const riad = defineMethod({
  about: ABOUT,
  optionsFrom: learnerOptions,
  async fit(context) {
    const { height, width } = context.shape;
    if (height !== width) throw new SquareInputsOnly('RIAD', { width, height });
    const config = { size: context.shape.height, width: WIDTH, seed: context.seed };
    const scope = ParameterScope.root(drawn(config.seed));
    return freedUnlessFitted(scope, async () => {
      const network = new Unet(scope, config.width);
      const losses = await learn(context, planOf(context, network, scope, config));
      return losses && detector(network, scope, config);
    });
  },
  restore(values, tensors) {
    const config = configFrom(values);
    const scope = ParameterScope.root(stored(tensors));
    return freedUnlessBuilt(scope, () => detector(new Unet(scope, config.width), scope, config));
  },
});
export default riad;

function planOf(
  { options, batch }: FitContext<LearnerOptions>,
  network: Unet,
  { list }: ParameterScope,
  { size }: RiadConfig,
): FitPlan {
  return {
    groups: [{ parameters: list, learningRate: RIAD.learningRate }],
    epochs: epochsOf(options, RIAD.epochs),
    batch: imagesPerStep(batch, size),
    schedule: tenthAfter(RIAD.dropAfter),
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

/** The same squares for every image, whatever it is scored with: the same image, the same map. */
export const scoringRegions = ({ size, seed }: RiadConfig): Float32Array[][] =>
  regionSides(size).map((side) =>
    dealRegions(size, side, RIAD.sets, Random.stream(seed, `scoring regions of ${side}`)),
  );

function detector(network: Unet, scope: ParameterScope, config: RiadConfig): Detector {
  const dealt = scoringRegions(config);
  return {
    method: ABOUT.id,
    config: { ...config },
    map: (image) => tf.tidy(() => anomalyMap(network, image, dealt)),
    comparison: (image) => ({ seen: image.clone(), expected: tf.tidy(() => painted(network, image, dealt)) }),
    imageScores: (_, maps) => tf.tidy(() => maps.max<tf.Tensor1D>([1, 2])),
    tensors: () => readParameters(scope.list),
    dispose: () => scope.dispose(),
  };
}

/** What the network paints, averaged over the sides of squares. */
function painted(network: Unet, image: tf.Tensor4D, dealt: readonly Float32Array[][]): tf.Tensor4D {
  const parts = dealt.map((masks) => inpaint(network, image, masks, false));
  return parts.reduce((sum, part) => sum.add(part)).div(dealt.length);
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

const CONFIG = {
  size: v.pipe(size, v.maxValue(LARGEST_SIZE, `is more than ${LARGEST_SIZE} pixels`)),
  width: v.pipe(size, v.multipleOf(4, 'is not a multiple of 4')),
  seed: v.custom<number>(Number.isSafeInteger, 'is not a whole number'),
};

/** @throws BadModelFile */
export const configFrom = (values: DetectorConfig): RiadConfig => configIn(CONFIG, values);
