// The activations that kernels apply while they write their result, as the shaders number them (`override ACTIVATION`).

export type Activation = 'linear' | 'relu' | 'relu6' | 'silu' | 'hard-swish' | 'gelu';

export const ACTIVATION_CODES: Record<Activation, number> = {
  linear: 0,
  relu: 1,
  relu6: 2,
  silu: 3,
  'hard-swish': 4,
  gelu: 5,
};

/** The activation of one number. A choice of constants: in a loop it costs nothing, a table of functions would. */
export function activate(z: number, activation: Activation): number {
  switch (activation) {
    case 'linear':
      return z;
    case 'relu':
      return Math.max(z, 0);
    case 'relu6':
      return Math.min(Math.max(z, 0), 6);
    case 'silu':
      return z / (1 + Math.exp(-z));
    case 'hard-swish':
      return (z * Math.min(Math.max(z + 3, 0), 6)) / 6;
    case 'gelu':
      return gelu(z);
  }
}

/**
 * z times the normal distribution below z, exactly (no tanh): half of erfc by the rational approximation 7.1.26 of
 * Abramowitz and Stegun, to 1.5e-7.
 */
function gelu(z: number): number {
  const size = Math.abs(z) * Math.SQRT1_2;
  const t = 1 / (1 + 0.3275911 * size);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * series * Math.exp(-size * size);
  return z * (z < 0 ? tail : 1 - tail);
}

/** The activations that train, i.e. whose derivative shaders know. */
export type TrainedActivation = Extract<Activation, 'linear' | 'relu' | 'hard-swish'>;

/** The activation's derivative at z. */
export function activationSlope(z: number, activation: TrainedActivation): number {
  switch (activation) {
    case 'linear':
      return 1;
    case 'relu':
      return Number(z > 0);
    case 'hard-swish':
      return Math.abs(z) >= 3 ? Number(z > 0) : z / 3 + 0.5;
  }
}
