// What a layer does to its sums while it writes them, when nothing trains: batch norm as a factor and a summand, or a bias; a
// residual; an activation. Here for the processor; shaders/shared/finish.wgsl is the same for the GPU.
import { tf } from '../../gpu/tf';
import { activate, ACTIVATION_CODES } from '../convolution/activation';

export type FinishActivation = 'linear' | 'relu' | 'hard-swish' | 'tanh';

export const FINISH_CODES: Record<FinishActivation, number> = {
  linear: ACTIVATION_CODES.linear,
  relu: ACTIVATION_CODES.relu,
  'hard-swish': ACTIVATION_CODES['hard-swish'],
  // One that no other activation has.
  tanh: 6,
};

/** A bias [channels], or a factor and a summand by channel [2, channels] (foldNorm()); null for neither. */
export type Affine = tf.TensorInfo | null;

/** 0 nothing, 1 a bias, 2 factors and summands: what shaders call AFFINE. */
export const affineKind = (affine: Affine): 0 | 1 | 2 => (affine ? (affine.shape.length as 1 | 2) : 0);

/** @throws Error unless it has a value, or two, for each channel */
export function checkAffine(operation: string, affine: Affine, channels: number): void {
  if (!affine) return;
  const wanted = affine.shape.length === 1 ? [channels] : [2, channels];
  tf.util.assertShapesMatch(affine.shape, wanted, `${operation}, affine: `);
}

export interface Finish {
  /** Values of an Affine. */
  affine: Float32Array | null;
  residual: Float32Array | null;
  activation: FinishActivation;
}

/** Rows of `channels` sums, in place. */
export function finishRows(
  rows: Float32Array,
  channels: number,
  { affine, residual, activation }: Finish,
): void {
  const scaled = affine?.length === 2 * channels;
  for (let first = 0; first < rows.length; first += channels) {
    for (let c = 0; c < channels; c++) {
      let value = rows[first + c]!;
      if (affine) value = scaled ? value * affine[c]! + affine[channels + c]! : value + affine[c]!;
      if (residual) value += residual[first + c]!;
      rows[first + c] = activation === 'tanh' ? Math.tanh(value) : activate(value, activation);
    }
  }
}
