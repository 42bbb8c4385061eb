// What every block of a decoder is: mobile.ts and basic.ts are the two kinds.
import type { tf } from '../../../gpu/tf';

/** A residual block: [B, H, W, C] -> the same shape; training normalises by the batch. */
export interface DecoderBlock {
  apply(x: tf.Tensor4D, training: boolean): tf.Tensor4D;
}
