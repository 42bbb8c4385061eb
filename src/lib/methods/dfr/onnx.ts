// DFR as an ONNX graph (index.ts): the auto-encoder of every place, and the mean square of what it misses.
import { binary, reduce, square } from '../../formats/onnx/ops';
import { linearLayer } from '../../nn/graphLayers';
import { checkInput, type MethodGraphBuilder } from '../methodGraph';
import { configIn, size } from '../stored';
import { isPlainLayer, layerWidths } from './index';

const build: MethodGraphBuilder = (s, input, config) => {
  const { channels, latent } = configIn({ channels: size, latent: size }, config);
  checkInput(input, [channels, null, null]);
  const { g } = s;
  const rebuilt = layerWidths(channels, latent)
    .slice(1)
    .reduce((x, outputs, i) => {
      const layer = s.scope(`layers.${i}`);
      const part = isPlainLayer(i) ? {} : { norm: layer.scope('normalisation'), activation: 'relu' as const };
      return linearLayer(layer, x, outputs, { bias: true, ...part });
    }, input);
  return { map: reduce(g, 'ReduceMean', square(g, binary(g, 'Sub', input, rebuilt)), [1]), score: null };
};
export default build;
