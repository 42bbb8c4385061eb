// UniAD (You et al., NeurIPS 2022): a transformer that rebuilds features but cannot copy them, because no token sees its
// neighbourhood, every decoder layer asks a learned question, and the input carries noise while training. Where the
// features come back changed, the image does not look like the training images. Its parts lie in uniad/.
// Memory: attention keeps one number per query and head (src/lib/kernels/attention/attention.ts), never a matrix of scores.
import { tf } from '../../gpu/tf';
import { distanceMap } from '../../kernels/maps/distanceMap';
import { featureJitter } from '../../kernels/noise/featureJitter';
import { meanSquaredError } from '../../kernels/linear/weightedSum';
import { drawn, ParameterScope } from '../../nn/parameters';
import { learn, type FitPlan } from '../../nn/fit';
import { tenthAfter } from '../../nn/plan';
import type { Streams } from '../../nn/trainingLoop';
import { defineMethod, type Detector, type DetectorConfig } from '../detector';
import { BadModelFile } from '../errors';
import { epochsOf, learnerOptions, type LearnerOptions } from '../options';
import { configIn, freedUnlessBuilt, freedUnlessFitted, readParameters, size, stored } from '../stored';
import { UNIAD as ABOUT } from './about';
import { UniadNetwork } from './network';
import { poolingFactor, UNIAD, uniadConfig, type UniadConfig } from './settings';

export const uniad = defineMethod({
  about: ABOUT,
  optionsFrom: learnerOptions,
  fit(context) {
    const config = uniadConfig(context.shape);
    const scope = ParameterScope.root(drawn(context.seed));
    return freedUnlessFitted(scope, async () => {
      const network = new UniadNetwork(scope, config);
      const losses = await learn(context, planOf(context.options, network, scope));
      return losses && detector(network, scope, config);
    });
  },
  restore(values, tensors) {
    const config = configFrom(values);
    const scope = ParameterScope.root(stored(tensors));
    return freedUnlessBuilt(scope, () => detector(new UniadNetwork(scope, config), scope, config));
  },
});
export default uniad;

function planOf(options: LearnerOptions, network: UniadNetwork, { list }: ParameterScope): FitPlan {
  const { learningRate, weightDecay, clipNorm, epochs } = UNIAD;
  return {
    groups: [{ parameters: list, learningRate, weightDecay }],
    clipNorm,
    epochs: epochsOf(options, epochs),
    // The paper's one drop, after 800 of 1,000 epochs.
    schedule: tenthAfter(0.8),
    loss: (phi, random) => uniadLoss(network, phi, random),
  };
}

/** Mean squared error between the pooled features and what the network makes of them with noise on (paper, section 3.4). */
export function uniadLoss(network: UniadNetwork, phi: tf.Tensor4D, random: Streams): tf.Scalar {
  const features = pooled(phi);
  const noisy = featureJitter(features, UNIAD.jitter, random('feature jitter').next());
  const dropping = { rate: UNIAD.dropout, random: random('dropout') };
  return meanSquaredError(features, network.rebuild(noisy, dropping));
}

/** phi [B, H, W, C] on the token grid: averages of square blocks, the last ones cut off by the border. */
export function pooled(phi: tf.Tensor4D): tf.Tensor4D {
  const factor = poolingFactor(phi.shape[1], phi.shape[2]);
  return factor === 1 ? phi : tf.avgPool(phi, factor, factor, 'same');
}

function detector(network: UniadNetwork, scope: ParameterScope, config: UniadConfig): Detector {
  return {
    method: ABOUT.id,
    config: { ...config },
    map: (phi) =>
      tf.tidy(() => {
        const features = pooled(phi);
        return distanceMap(features, network.rebuild(features, null), false);
      }),
    comparison: (phi) =>
      tf.tidy(() => {
        const features = pooled(phi).clone();
        return { seen: features, expected: network.rebuild(features, null) };
      }),
    tensors: () => readParameters(scope.list),
    dispose: () => scope.dispose(),
  };
}

/** @throws BadModelFile */
export function configFrom(values: DetectorConfig): UniadConfig {
  const config = configIn({ height: size, width: size, channels: size, hidden: size, layers: size }, values);
  const { hidden } = config;
  if (hidden % (4 * UNIAD.heads) !== 0 || hidden > UNIAD.width) {
    throw new BadModelFile(`its tokens are ${hidden} wide, not a multiple of 32 up to ${UNIAD.width}`);
  }
  return config;
}
