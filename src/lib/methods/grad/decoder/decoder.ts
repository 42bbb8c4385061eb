// A branch's decoder: blocks at 2C channels, then a 1x1 convolution without bias to C.
import type { tf } from '../../../gpu/tf';
import type { ModelConfig } from '../config';
import { Linear } from '../../../nn/linear';
import type { ParameterScope } from '../../../nn/parameters';
import { BasicBlock } from './basic';
import type { DecoderBlock } from './block';
import { MobileBlock } from './mobile';

export class Decoder {
  readonly #blocks: DecoderBlock[];
  readonly #output: Linear;

  constructor(scope: ParameterScope, config: ModelConfig) {
    const width = 2 * config.channels;
    this.#blocks = Array.from({ length: config.blocks }, (_, i) => {
      const block = scope.scope(`blocks.${i}`);
      return config.decoder === 'mobile'
        ? new MobileBlock(block, width, config.expansion)
        : new BasicBlock(block, width);
    });
    this.#output = new Linear(scope.scope('output'), width, config.channels, { bias: false });
  }

  /** query [B, H, W, 2C] -> features [B, H, W, C] */
  apply(query: tf.Tensor4D, training: boolean): tf.Tensor4D {
    const decoded = this.#blocks.reduce((x, block) => block.apply(x, training), query);
    return training ? this.#output.apply(decoded) : this.#output.infer(decoded);
  }
}
