// UniAD (You et al., NeurIPS 2022): a transformer that rebuilds features but cannot copy them, because no token sees its
// neighbourhood, every decoder layer asks a learned question, and the input carries noise while training. Where the
// features come back changed, the image does not look like the training images. Its parts lie in uniad/.
// Memory: attention keeps one number per query and head (src/lib/kernels/attention/attention.ts), never a matrix of scores.
import { tf } from '../../gpu/tf';
import { distanceMap } from '../../kernels/maps/distanceMap';
import { featureJitter } from '../../kernels/noise/featureJitter';
import { meanSquaredError } from '../../kernels/linear/weightedSum';
import { BadModelFile } from '../grad/errors';
import { drawn, ParameterScope } from '../../nn/parameters';
import { learningRateFactor } from '../../nn/schedule';
import type { Detector, DetectorConfig, FitContext, MethodDefinition } from '../detector';
import { epochsOf, fitLoop, type FitPlan, type Streams } from '../../nn/fitLoop';
import { freedUnlessBuilt, freedUnlessFitted, readParameters, sizeIn, stored } from '../storedParameters';
import { UniadNetwork } from './network';
import { poolingFactor, UNIAD, uniadConfig, type UniadConfig } from './settings';

export const uniad: MethodDefinition = {
  id: 'uniad',
  input: 'features',
  fit(context) {
    const config = uniadConfig(context.shape);
    const scope = ParameterScope.root(drawn(context.params.seed));
    return freedUnlessFitted(scope, async () => {
      const network = new UniadNetwork(scope, config);
      const losses = await fitLoop(context, planOf(context, network, scope));
      return losses && detector(network, scope, config);
    });
  },
  restore(values, tensors) {
    const config = configFrom(values);
    const scope = ParameterScope.root(stored(tensors));
    return freedUnlessBuilt(scope, () => detector(new UniadNetwork(scope, config), scope, config));
  },
};

function planOf(context: FitContext, network: UniadNetwork, { list }: ParameterScope): FitPlan {
  const { learningRate, weightDecay, clipNorm, epochs } = UNIAD;
  return {
    groups: [{ parameters: list, learningRate, weightDecay }],
    clipNorm,
    epochs: epochsOf(context, epochs),
    batch: context.params.batch,
    // The paper's one drop, after 800 of 1,000 epochs.
    schedule: learningRateFactor,
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
    method: 'uniad',
    config: { ...config },
    map: (phi) =>
      tf.tidy(() => {
        const features = pooled(phi);
        return distanceMap(features, network.rebuild(features, null), false);
      }),
    tensors: () => readParameters(scope.list),
    dispose: () => scope.dispose(),
  };
}

function configFrom(values: DetectorConfig): UniadConfig {
  const size = (name: keyof UniadConfig) => sizeIn(values, name);
  const hidden = size('hidden');
  if (hidden % (4 * UNIAD.heads) !== 0 || hidden > UNIAD.width) {
    throw new BadModelFile(`its tokens are ${hidden} wide, not a multiple of 32 up to ${UNIAD.width}`);
  }
  return {
    height: size('height'),
    width: size('width'),
    channels: size('channels'),
    hidden,
    layers: size('layers'),
  };
}
