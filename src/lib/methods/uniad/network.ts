// UniAD's network (paper, figure 3): tokens from features, an encoder, and a decoder with a learned query in every
// layer, normalised after each part. How it is trained is ../uniad.ts.
import { tf } from '../../gpu/tf';
import { standardNormal, unitUniform } from '../../nn/initialise';
import type { ParameterScope } from '../../nn/parameters';
import {
  Dense,
  dropped,
  FeedForward,
  LayerNorm,
  MaskedAttention,
  type Dropping,
  type LayerSizes,
} from './layers';
import { hiddenNeighbourhood, tokenGrid, UNIAD, type UniadConfig } from './settings';

export class UniadNetwork {
  readonly #input: Dense;
  readonly #output: Dense;
  readonly #position: PositionEmbedding;
  readonly #encoder: EncoderLayer[];
  readonly #decoder: DecoderLayer[];
  readonly #decoderNorm: LayerNorm;

  constructor(scope: ParameterScope, config: UniadConfig) {
    const { channels, hidden: width, layers } = config;
    const grid = tokenGrid(config);
    const inner = UNIAD.feedForward * width;
    const sizes = { width, heads: UNIAD.heads, inner, grid, hidden: hiddenNeighbourhood(grid) };
    const stack = <T>(name: string, layer: (scope: ParameterScope) => T): T[] =>
      Array.from({ length: layers }, (_, i) => layer(scope.scope(name).scope(`${i}`)));
    this.#input = new Dense(scope.scope('input'), channels, width);
    this.#position = new PositionEmbedding(scope.scope('position'), sizes);
    this.#encoder = stack('encoder', (inside) => new EncoderLayer(inside, sizes));
    this.#decoder = stack('decoder', (inside) => new DecoderLayer(inside, sizes));
    this.#decoderNorm = new LayerNorm(scope.scope('decoderNorm'), width);
    this.#output = new Dense(scope.scope('output'), width, channels);
  }

  /** Pooled, perhaps jittered features [B, h, w, C] -> what the network makes of them, the same shape. */
  rebuild(features: tf.Tensor4D, dropping: Dropping): tf.Tensor4D {
    const [batch, height, width, channels] = features.shape;
    const tokens = this.#input.apply(features.reshape<tf.Tensor3D>([batch, height * width, channels]));
    const position = this.#position.tokens();
    const memory = this.#encoder.reduce((x, layer) => layer.apply(x, position, dropping), tokens);
    const decoded = this.#decoder.reduce((x, layer) => layer.apply(x, memory, position, dropping), memory);
    return this.#output.apply(this.#decoderNorm.apply(decoded)).reshape(features.shape);
  }
}

/** A learned vector per column and one per row, side by side. */
class PositionEmbedding {
  readonly #rows: tf.Variable<tf.Rank.R2>;
  readonly #columns: tf.Variable<tf.Rank.R2>;

  constructor(
    scope: ParameterScope,
    private readonly sizes: LayerSizes,
  ) {
    const [height, width] = sizes.grid;
    this.#rows = scope.weight('rows', unitUniform([height, sizes.width / 2]));
    this.#columns = scope.weight('columns', unitUniform([width, sizes.width / 2]));
  }

  /** [1, tokens, width] */
  tokens(): tf.Tensor3D {
    const {
      grid: [height, width],
      width: channels,
    } = this.sizes;
    const shape: [number, number, number] = [height, width, channels / 2];
    const columns = this.#columns.reshape([1, width, channels / 2]).broadcastTo<tf.Rank.R3>(shape);
    const rows = this.#rows.reshape([height, 1, channels / 2]).broadcastTo<tf.Rank.R3>(shape);
    return tf.concat([columns, rows], 2).reshape([1, height * width, channels]);
  }
}

class EncoderLayer {
  readonly #attention: MaskedAttention;
  readonly #attentionNorm: LayerNorm;
  readonly #feedForward: FeedForward;
  readonly #feedForwardNorm: LayerNorm;

  constructor(scope: ParameterScope, sizes: LayerSizes) {
    this.#attention = new MaskedAttention(scope.scope('attention'), sizes);
    this.#attentionNorm = new LayerNorm(scope.scope('attentionNorm'), sizes.width);
    this.#feedForward = new FeedForward(scope.scope('feedForward'), sizes);
    this.#feedForwardNorm = new LayerNorm(scope.scope('feedForwardNorm'), sizes.width);
  }

  /** [B, tokens, width] -> the same. */
  apply(tokens: tf.Tensor3D, position: tf.Tensor3D, dropping: Dropping): tf.Tensor3D {
    const placed = tokens.add<tf.Tensor3D>(position);
    const attended = this.#attention.apply(placed, placed, tokens, dropping);
    const x = this.#attentionNorm.apply(tokens.add(dropped(attended, dropping)));
    return this.#feedForwardNorm.apply(x.add(dropped(this.#feedForward.apply(x, dropping), dropping)));
  }
}

/** The layer-wise query decoder: its query is learned, not handed down, so no layer can pass its input through. */
class DecoderLayer {
  /** [tokens, width] */
  readonly #query: tf.Variable<tf.Rank.R2>;
  readonly #encoded: MaskedAttention;
  readonly #encodedNorm: LayerNorm;
  readonly #previous: MaskedAttention;
  readonly #previousNorm: LayerNorm;
  readonly #feedForward: FeedForward;
  readonly #feedForwardNorm: LayerNorm;

  constructor(scope: ParameterScope, sizes: LayerSizes) {
    const [height, width] = sizes.grid;
    this.#query = scope.weight('query', standardNormal([height * width, sizes.width]));
    this.#encoded = new MaskedAttention(scope.scope('encoded'), sizes);
    this.#encodedNorm = new LayerNorm(scope.scope('encodedNorm'), sizes.width);
    this.#previous = new MaskedAttention(scope.scope('previous'), sizes);
    this.#previousNorm = new LayerNorm(scope.scope('previousNorm'), sizes.width);
    this.#feedForward = new FeedForward(scope.scope('feedForward'), sizes);
    this.#feedForwardNorm = new LayerNorm(scope.scope('feedForwardNorm'), sizes.width);
  }

  /** @param previous what the layer before made (the encoder's answer for the first); @param memory the encoder's answer */
  apply(previous: tf.Tensor3D, memory: tf.Tensor3D, position: tf.Tensor3D, dropping: Dropping): tf.Tensor3D {
    const query = this.#query.expandDims<tf.Tensor3D>(0).broadcastTo<tf.Rank.R3>(memory.shape);
    const asking = query.add<tf.Tensor3D>(position);
    const found = this.#encoded.apply(asking, memory.add(position), memory, dropping);
    const x = this.#encodedNorm.apply(query.add(dropped(found, dropping)));
    const fused = this.#previous.apply(x.add(position), previous.add(position), previous, dropping);
    const y = this.#previousNorm.apply(x.add(dropped(fused, dropping)));
    return this.#feedForwardNorm.apply(y.add(dropped(this.#feedForward.apply(y, dropping), dropping)));
  }
}
