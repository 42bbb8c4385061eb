// SimpleNet as an ONNX graph (index.ts): averaged features, adapted, and what the discriminator makes of them.
import { averagePool, length, reshape, unary } from '../../formats/onnx/ops';
import { linearLayer } from '../../nn/graphLayers';
import { checkInput, type MethodGraphBuilder } from '../methodGraph';
import { configIn, size } from '../stored';
import { SIMPLENET } from './index';

const build: MethodGraphBuilder = (s, input, config) => {
  const { channels } = configIn({ channels: size }, config);
  checkInput(input, [channels, null, null]);
  const { g } = s;
  const reach = (SIMPLENET.neighbourhood - 1) / 2;
  const averaged = averagePool(g, input, SIMPLENET.neighbourhood, 1, [reach, reach, reach, reach], false);
  const adapted = linearLayer(s.scope('adaptor'), averaged, channels, { bias: false });
  const discriminator = s.scope('discriminator');
  const width = Math.max(1, Math.floor(channels * SIMPLENET.hidden));
  const norm = discriminator.scope('normalisation');
  const hidden = linearLayer(discriminator.scope('hidden'), adapted, width, { bias: true, norm });
  const leaky = g.node('LeakyRelu', [hidden], { alpha: SIMPLENET.slope });
  const normality = linearLayer(discriminator.scope('tail'), leaky, 1, { bias: false });
  const map = reshape(g, normality, [input.shape[0]!, length(input, 2), length(input, 3)]);
  return { map: unary(g, 'Neg', map), score: null };
};
export default build;
