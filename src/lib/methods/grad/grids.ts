// One grid of GRAD: a local and a global learned table. The image samples them bilinearly; what comes out is the
// query for the decoder.
import type { tf } from '../../gpu/tf';
import { gridQuery } from '../../kernels/inference/gridQuery';
import type { ModelConfig } from './config';
import type { GridCoordinates } from './coordinates';
import { xavierNormalTable } from '../../nn/initialise';
import type { ParameterScope } from '../../nn/parameters';

export class Grid {
  /** [Rl, Rl, C] */
  readonly local: tf.Variable<tf.Rank.R3>;
  /** [Rg, Rg, H * W * C], the last axis in (row, column, channel) order */
  readonly global: tf.Variable<tf.Rank.R3>;
  readonly #map: [number, number, number];

  constructor(scope: ParameterScope, config: ModelConfig) {
    const { channels, height, width, localGrid, globalGrid } = config;
    this.#map = [height, width, channels];
    this.local = scope.table('local', xavierNormalTable(localGrid, channels));
    this.global = scope.table('global', xavierNormalTable(globalGrid, height * width * channels));
  }

  /** concat(global sample, local sample): [B, H, W, 2C] */
  query({ local, global }: GridCoordinates): tf.Tensor4D {
    const [height, width, channels] = this.#map;
    const query = gridQuery(this.global, this.local, global, local);
    return query.reshape([global.shape[0], height, width, 2 * channels]);
  }
}
